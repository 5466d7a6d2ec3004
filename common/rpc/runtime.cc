#include "common/rpc/runtime.h"

#include <pthread.h>

#include <csignal>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/auth/service_token_source.h"
#include "common/log/logger.h"
#include "common/rpc/library_logs.h"
#include "common/rpc/token_issuers.h"
#include "common/status/macros.h"

namespace okr::rpc {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// In this thread and all that it starts; Run waits for them.
void BlockStopSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(bugprone-signal-handler): a lost peer is an error code.
}

// Debian builds Abseil with a detector of deadlocks, which takes one global lock for each lock that
// gRPC takes. It looks for faults of gRPC; our own mutexes are not Abseil's.
void StopWatchingMutexes() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

const char* WaitForStopSignal() {
  const sigset_t signals = StopSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  return signal == SIGTERM ? "SIGTERM" : "SIGINT";
}

}  // namespace

struct Runtime::Impl {
  Impl(absl::string_view name, absl::string_view about) : program(name), schema(name, about) {
    AddCommonSettings(schema, &config);
    schema.IgnoreEnvironment("OKR_TEST_");  // Of those who test it.
  }

  absl::Status SetUp();

  const std::string program;
  CommonConfig config;
  config::Schema schema;
  UuidGenerator ids;
  std::unique_ptr<auth::TokenVerifier> verifier;
  std::shared_ptr<auth::ServiceTokenSource> service_token;
  std::shared_ptr<tls::Watched> server_tls;
  std::shared_ptr<tls::Watched> services_tls;
  std::unique_ptr<Server> server;
};

absl::Status Runtime::Impl::SetUp() {
  log::SetDefault({.service = program, .min_severity = config.log_level});
  TakeOverLibraryLogs();
  StopWatchingMutexes();
  BlockStopSignals();
  OKR_ASSIGN_OR_RETURN(const auth::TokenVerifier::Options issuers,
                       ReadTokenIssuers(config.token_issuers_file));
  OKR_ASSIGN_OR_RETURN(verifier, auth::TokenVerifier::Create(issuers));
  service_token = std::make_shared<auth::ServiceTokenSource>(config.service_token_file);
  OKR_ASSIGN_OR_RETURN(server_tls, OpenServerTls(config.tls, config.listen));
  OKR_ASSIGN_OR_RETURN(services_tls, OpenServicesTls(config.tls));
  ServerOptions options{.listen = config.listen,
                        .tls = server_tls,
                        .client_certificates = config.tls.client_certificates,
                        .drain = config.drain};
  options.linger = [delay = config.shutdown_delay] { absl::SleepFor(delay); };
  options.gate.authenticate = [this](absl::string_view token, absl::Time now) {
    return verifier->Verify(token, now);
  };
  server = std::make_unique<Server>(std::move(options));
  server->AddReadinessCheck("token keys", [this] {
    return verifier->HasAllKeys()
               ? absl::OkStatus()
               : absl::UnavailableError("the keys of an issuer could not be read yet");
  });
  return absl::OkStatus();
}

Runtime::Runtime(absl::string_view program, absl::string_view about)
    : impl_(std::make_unique<Impl>(program, about)) {}

Runtime::~Runtime() = default;

config::Schema& Runtime::schema() { return impl_->schema; }

std::optional<int> Runtime::Start(int argc, char** argv) {
  const absl::StatusOr<config::Action> action =
      impl_->schema.Load(std::vector<std::string>(argv + 1, argv + argc), config::Environment());
  absl::Status status = action.status();
  if (status.ok() && *action == config::Action::kHelp) {
    std::cout << impl_->schema.Help();
    return kExitOk;
  }
  if (status.ok() && *action == config::Action::kPrintConfig) {
    std::cout << impl_->schema.Print();
    return kExitOk;
  }
  if (status.ok()) status = impl_->SetUp();
  if (status.ok()) return std::nullopt;
  std::cerr << config::ErrorLine(impl_->program, status) << "\n";
  return kExitWrongConfig;
}

const CommonConfig& Runtime::config() const { return impl_->config; }
const Clock& Runtime::clock() const { return SystemClock::Get(); }
UuidGenerator& Runtime::ids() { return impl_->ids; }
Server& Runtime::server() { return *impl_->server; }
auth::TokenVerifier& Runtime::verifier() { return *impl_->verifier; }

std::function<absl::StatusOr<std::string>()> Runtime::service_token() const {
  return [source = impl_->service_token] { return source->Token(); };
}

const std::shared_ptr<tls::Watched>& Runtime::services_tls() const { return impl_->services_tls; }

std::map<std::string, absl::Time> Runtime::CertificateExpiries() const {
  std::map<std::string, absl::Time> expiries;
  for (const auto& watched : {impl_->server_tls, impl_->services_tls}) {
    if (watched == nullptr) continue;
    const absl::Time expiry = watched->Expiry();
    if (expiry != absl::InfiniteFuture()) expiries[watched->use()] = expiry;
  }
  return expiries;
}

int Runtime::Run() {
  if (absl::Status status = impl_->server->Start(); !status.ok()) return Fail(status);
  log::Info("stopping", {{"signal", WaitForStopSignal()}});
  impl_->server->Shutdown();
  return kExitOk;
}

int Runtime::Fail(const absl::Status& status) const {
  std::cerr << config::ErrorLine(impl_->program, status) << "\n";
  return kExitFailed;
}

}  // namespace okr::rpc
