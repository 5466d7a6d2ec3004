// The main of every service.
#pragma once

#include "common/rpc/runtime.h"
#include "common/service/process.h"

namespace okr::service {

// Reads the settings, creates a `ServiceProcess` and serves until SIGTERM; gives the exit code.
// `help` is one sentence on what the service is for.
template <typename ServiceProcess>
int Main(int argc, char** argv, const char* name, const char* help) {
  rpc::Runtime runtime(name, help);
  ProcessConfig config;
  config.AddTo(runtime.schema());
  runtime.ExportSpansBy(trace::MakeOtlpExporter);
  if (const auto exit_code = runtime.Start(argc, argv)) return *exit_code;
  const auto process = ServiceProcess::Create(runtime, config);
  if (!process.ok()) return runtime.Fail(process.status());
  return runtime.Run();
}

}  // namespace okr::service
