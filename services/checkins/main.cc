// okr-checkins: what key results stand at, and when the next check-in is due.
#include "common/rpc/runtime.h"
#include "common/service/process.h"
#include "services/checkins/process.h"

int main(int argc, char** argv) {
  okr::rpc::Runtime runtime("okr-checkins",
                            "Keeps check-ins, and tells when the next ones are due.");
  okr::service::ProcessConfig config;
  config.AddTo(runtime.schema());
  if (const auto exit_code = runtime.Start(argc, argv)) return *exit_code;
  auto process = okr::checkins::Process::Create(runtime, config);
  if (!process.ok()) return runtime.Fail(process.status());
  return runtime.Run();
}
