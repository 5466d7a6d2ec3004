// okr-scoring: progress, scores, pace and status of objectives and key results, each explained.
#include "services/scoring/process.h"

int main(int argc, char** argv) {
  okr::rpc::Runtime runtime("okr-scoring",
                            "Computes progress, scores, pace and status of objectives and key "
                            "results, each with its explanation.");
  okr::service::ProcessConfig config;
  config.AddTo(runtime.schema());
  if (const auto exit_code = runtime.Start(argc, argv)) return *exit_code;
  const auto process = okr::scoring::Process::Create(runtime, config);
  if (!process.ok()) return runtime.Fail(process.status());
  return runtime.Run();
}
