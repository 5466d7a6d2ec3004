// What the main of every service begins and ends with.
//
//   int main(int argc, char** argv) {
//     okr::rpc::Runtime runtime("okr-goals", "Keeps objectives, key results and the directory.");
//     okr::goals::Config config;
//     config.AddTo(runtime.schema());
//     if (const auto exit_code = runtime.Start(argc, argv)) return *exit_code;
//     auto process = okr::goals::Process::Create(runtime, config);  // Adds services and checks.
//     if (!process.ok()) return runtime.Fail(process.status());
//     return runtime.Run();
//   }
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/token_verifier.h"
#include "common/clock/clock.h"
#include "common/config/schema.h"
#include "common/ids/uuid.h"
#include "common/metrics/registry.h"
#include "common/rpc/common_config.h"
#include "common/rpc/server.h"
#include "common/trace/exporter.h"

namespace okr::rpc {

// Exit codes of every service.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;       // E.g. the address is taken.
inline constexpr int kExitWrongConfig = 2;  // A setting is wrong, unknown or missing.

// One a process, made before any thread. What is made after Start must be destroyed after Run
// returned and before the runtime: declare it after the runtime.
class Runtime {
 public:
  // `program` also names the service in log lines.
  Runtime(absl::string_view program, absl::string_view about);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Where to add a service's own settings, before Start; the common ones are there.
  config::Schema& schema();

  // By what spans are exported, before Start; without it otlp-endpoint is refused.
  void ExportSpansBy(trace::MakeExporter make_exporter);

  // Reads the settings, sets up the log and the verifier of tokens and blocks SIGTERM and SIGINT.
  // Gives the exit code if the process shall end: --help, --print-config, or wrong settings, which
  // were told on standard error in one line.
  std::optional<int> Start(int argc, char** argv);

  // After Start.
  const CommonConfig& config() const;
  const Clock& clock() const;
  UuidGenerator& ids();
  Server& server();
  auth::TokenVerifier& verifier();
  // What the admin port shows; what is shown must live until Run has returned.
  metrics::Registry& metrics();
  // The token with which this service calls others, for Channel::Options.
  std::function<absl::StatusOr<std::string>()> service_token() const;
  // How to call other services, for Channel::Options; null: without TLS.
  const std::shared_ptr<tls::Watched>& services_tls() const;
  // Null if no spans are exported. Lives as long as the runtime.
  const trace::Tracer* tracer() const;

  // Serves until SIGTERM or SIGINT, then shuts down. Gives the exit code.
  int Run();
  // Tells in one line on standard error why the process cannot start; gives the exit code.
  int Fail(const absl::Status& status) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace okr::rpc
