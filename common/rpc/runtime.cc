#include "common/rpc/runtime.h"

#include <grpcpp/grpcpp.h>
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
#include "common/metrics/admin_client.h"
#include "common/metrics/admin_server.h"
#include "common/metrics/build_info.h"
#include "common/metrics/process_metrics.h"
#include "common/rpc/admin_pages.h"
#include "common/rpc/library_logs.h"
#include "common/rpc/token_issuers.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/trace/span_queue.h"

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
    schema.Bool("check-health", &check_health)
        .Help("Only asks the process with this admin-listen if it is ready: exit code 0 or 1");
    schema.IgnoreEnvironment("OKR_TEST_");  // Of those who test it.
  }

  absl::Status SetUp();
  int CheckHealth() const;
  void ShowMetrics();
  // No server if none is wanted.
  absl::StatusOr<std::unique_ptr<metrics::AdminServer>> StartAdminServer() const;
  absl::Status SetUpSpans();
  metrics::Samples CertificateExpiries() const;

  const std::string program;
  CommonConfig config;
  bool check_health = false;
  config::Schema schema;
  UuidGenerator ids;
  std::unique_ptr<auth::TokenVerifier> verifier;
  std::shared_ptr<auth::ServiceTokenSource> service_token;
  trace::MakeExporter make_exporter = nullptr;
  std::unique_ptr<trace::SpanQueue> spans;
  std::optional<trace::Tracer> tracer;
  std::shared_ptr<tls::Watched> server_tls;
  std::shared_ptr<tls::Watched> services_tls;
  std::unique_ptr<Server> server;
  metrics::Registry registry;
};

int Runtime::Impl::CheckHealth() const {
  if (config.admin_listen.empty()) {
    std::cerr << program << ": --check-health: asks the admin port; set --admin-listen as well\n";
    return kExitWrongConfig;
  }
  const absl::Status ready = metrics::AskReadiness(config.admin_listen);
  (ready.ok() ? std::cout : std::cerr)
      << program << ": " << (ready.ok() ? "ready" : ready.message()) << "\n";
  return ready.ok() ? kExitOk : kExitFailed;
}

void Runtime::Impl::ShowMetrics() {
  metrics::ShowProcess(registry);
  const metrics::BuildInfo build = metrics::ThisBuild();
  registry.ShowGauges({"okr_build_info", "What runs here; always 1"}, [this, build] {
    return metrics::Samples{{{{"service", program},
                              {"version", std::string(build.version)},
                              {"commit", std::string(build.commit)},
                              {"grpc", grpc::Version()},
                              {"opentelemetry", std::string(build.opentelemetry)}},
                             1}};
  });
  registry.ShowGauges({"okr_tls_certificate_expiry_timestamp_seconds",
                       "When a certificate that is in use expires, in Unix time"},
                      [this] { return CertificateExpiries(); });
  registry.ShowCounters({"okr_spans_dropped_total",
                         "Spans that were not exported: the collector is away or too slow"},
                        [this] {
                          const int64_t dropped = spans == nullptr ? 0 : spans->dropped();
                          return metrics::Samples{{{}, static_cast<double>(dropped)}};
                        });
}

metrics::Samples Runtime::Impl::CertificateExpiries() const {
  metrics::Samples samples;
  for (const auto& watched : {server_tls, services_tls}) {
    if (watched == nullptr) continue;
    const absl::Time expiry = watched->Expiry();
    if (expiry == absl::InfiniteFuture()) continue;
    samples.push_back(
        {{{"use", watched->use()}}, absl::ToDoubleSeconds(expiry - absl::UnixEpoch())});
  }
  return samples;
}

absl::StatusOr<std::unique_ptr<metrics::AdminServer>> Runtime::Impl::StartAdminServer() const {
  if (config.admin_listen.empty()) return nullptr;
  OKR_ASSIGN_OR_RETURN(
      auto admin, metrics::AdminServer::Start(config.admin_listen, AdminPages(registry, *server)));
  log::Info("admin port open", {{"address", config.admin_listen}, {"port", admin->port()}});
  return admin;
}

absl::Status Runtime::Impl::SetUpSpans() {
  if (config.otlp_endpoint.empty()) return absl::OkStatus();
  if (make_exporter == nullptr) {
    return absl::FailedPreconditionError(
        "--otlp-endpoint is set, but this program exports no spans");
  }
  OKR_ASSIGN_OR_RETURN(std::unique_ptr<trace::Exporter> exporter,
                       make_exporter({.endpoint = config.otlp_endpoint,
                                      .ca_file = config.otlp_ca_file,
                                      .service = program,
                                      .version = std::string(metrics::ThisBuild().version),
                                      .instance = ids.Next().ToString()}));
  spans = std::make_unique<trace::SpanQueue>(std::move(exporter), trace::SpanQueue::Options());
  tracer.emplace(*spans, SecureRandom());
  return absl::OkStatus();
}

absl::Status Runtime::Impl::SetUp() {
  log::SetDefault({.service = program, .min_severity = config.log_level});
  TakeOverLibraryLogs();
  StopWatchingMutexes();
  BlockStopSignals();
  OKR_ASSIGN_OR_RETURN(const auth::TokenVerifier::Options issuers,
                       ReadTokenIssuers(config.token_issuers_file));
  OKR_ASSIGN_OR_RETURN(verifier, auth::TokenVerifier::Create(issuers));
  service_token = std::make_shared<auth::ServiceTokenSource>(config.service_token_file);
  OKR_RETURN_IF_ERROR(SetUpSpans());
  OKR_ASSIGN_OR_RETURN(server_tls, OpenServerTls(config.tls, config.listen));
  OKR_ASSIGN_OR_RETURN(services_tls, OpenServicesTls(config.tls));
  ServerOptions options{.listen = config.listen,
                        .tls = server_tls,
                        .client_certificates = config.tls.client_certificates,
                        .drain = config.drain};
  options.linger = [delay = config.shutdown_delay] { absl::SleepFor(delay); };
  if (tracer) {
    options.gate.tracer = &*tracer;
    options.gate.trace_sample_ratio = config.trace_sample_ratio;
  }
  options.gate.authenticate = [this](absl::string_view token, absl::Time now) {
    return verifier->Verify(token, now);
  };
  server = std::make_unique<Server>(std::move(options));
  ShowMetrics();
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

void Runtime::ExportSpansBy(trace::MakeExporter make_exporter) {
  impl_->make_exporter = make_exporter;
}

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
  if (status.ok() && impl_->check_health) return impl_->CheckHealth();
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
metrics::Registry& Runtime::metrics() { return impl_->registry; }

const trace::Tracer* Runtime::tracer() const { return impl_->tracer ? &*impl_->tracer : nullptr; }

std::function<absl::StatusOr<std::string>()> Runtime::service_token() const {
  return [source = impl_->service_token] { return source->Token(); };
}

const std::shared_ptr<tls::Watched>& Runtime::services_tls() const { return impl_->services_tls; }

int Runtime::Run() {
  impl_->server->ShowMetrics(impl_->registry);
  const auto admin = impl_->StartAdminServer();  // Until the end of the shutdown.
  if (!admin.ok()) return Fail(admin.status());
  if (absl::Status status = impl_->server->Start(); !status.ok()) return Fail(status);
  log::Info("stopping", {{"signal", WaitForStopSignal()}});
  impl_->server->Shutdown();
  return kExitOk;
}

int Runtime::Fail(const absl::Status& status) const {
  std::cerr << config::ErrorLine(impl_->program, status) << "\n";
  return ReasonOf(status) == "INVALID_FIELDS" ? kExitWrongConfig : kExitFailed;
}

}  // namespace okr::rpc
