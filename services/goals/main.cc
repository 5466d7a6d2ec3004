// okr-goals: objectives, key results, alignment, and the directory they speak of.
#include "services/goals/process.h"

int main(int argc, char** argv) {
  okr::rpc::Runtime runtime("okr-goals",
                            "Keeps objectives and key results, what serves what, and the directory "
                            "of people, teams and cycles.");
  okr::service::ProcessConfig config;
  config.AddTo(runtime.schema());
  if (const auto exit_code = runtime.Start(argc, argv)) return *exit_code;
  const auto process = okr::goals::Process::Create(runtime, config);
  if (!process.ok()) return runtime.Fail(process.status());
  return runtime.Run();
}
