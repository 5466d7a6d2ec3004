#include "common/rpc/server.h"

#include <grpcpp/ext/channelz_service_plugin.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/log/logger.h"
#include "common/rpc/event.h"
#include "common/rpc/gate.h"
#include "common/rpc/health.h"
#include "common/rpc/keepalive.h"
#include "common/rpc/unknown_method.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::rpc {
namespace {

// Beyond it gRPC refuses a message in its own words, and before reading it.
constexpr int kHardMaxRequestBytes = 16 << 20;
// Reflection and channelz hold a thread for each open stream; nothing else here does.
constexpr int kMaxSynchronousThreads = 32;

void AddPluginsOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::channelz::experimental::InitChannelzService();
  });
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void SetLimits(const ServerOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kHardMaxRequestBytes);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                              Milliseconds(options.max_connection_age));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                              Milliseconds(options.max_connection_age_grace));
  // Two servers on one port would each get some of the connections, by chance.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  grpc::ResourceQuota quota("okr");
  quota.SetMaxThreads(kMaxSynchronousThreads);
  builder->SetResourceQuota(quota);
}

void SetKeepalive(grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kServerKeepaliveMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kServerMinPingIntervalMs);
}

}  // namespace

struct Server::Impl {
  explicit Impl(ServerOptions o) : options(std::move(o)) {}

  absl::Status Listen();
  void StopGrpc();
  // Nothing before the start.
  std::vector<Readiness::State> ReadinessOfChecks() const;

  ServerOptions options;
  std::vector<Readiness::Check> checks;
  std::vector<std::unique_ptr<Service>> services;
  UnknownMethodService unknown_methods;
  std::optional<Gate> gate;
  std::optional<Pool> pool;
  std::optional<HealthService> health;
  std::shared_ptr<grpc::ServerCredentials> credentials;
  std::unique_ptr<grpc::Server> server;
  mutable std::mutex mutex;  // Guards the making of what follows.
  std::optional<Readiness> readiness;
  bool stopping = false;
  int port = 0;
};

absl::Status Server::Impl::Listen() {
  AddPluginsOnce();
  grpc::ServerBuilder builder;
  SetLimits(options, &builder);
  SetKeepalive(&builder);
  credentials = options.tls == nullptr
                    ? grpc::InsecureServerCredentials()
                    : ServerCredentialsOf(options.tls, options.client_certificates);
  builder.AddListeningPort(options.listen, credentials, &port);
  for (const std::unique_ptr<Service>& service : services) {
    builder.RegisterService(&service->Bind(*gate, *pool));
  }
  builder.RegisterService(&*health);
  builder.RegisterCallbackGenericService(&unknown_methods);
  server = builder.BuildAndStart();
  if (server != nullptr && port != 0) return absl::OkStatus();
  server.reset();
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("cannot listen on ", options.listen,
                                ": the address is in use, or not one of this machine"),
                   {.reason = "SERVICE_UNAVAILABLE"});
}

std::vector<Readiness::State> Server::Impl::ReadinessOfChecks() const {
  const std::lock_guard lock(mutex);
  return readiness ? readiness->states() : std::vector<Readiness::State>();
}

// gRPC waits for handlers without end; those that the drain time was too short for are ended here.
void Server::Impl::StopGrpc() {
  Event stopped;
  std::thread stopping([this, &stopped] {
    server->Shutdown(absl::ToChronoTime(absl::Now() + options.drain));
    stopped.Set();
  });
  if (!stopped.WaitFor(options.drain)) {
    log::Warning("drain time is over",
                 {{"calls", gate->unary_calls().size()}, {"streams", gate->streams().size()}});
    // Calls may still come until gRPC has closed every connection.
    do {
      gate->streams().EndAll(ShuttingDown());
      gate->unary_calls().EndAll(ShuttingDown());
    } while (!stopped.WaitFor(absl::Milliseconds(50)));
  }
  stopping.join();
}

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() { Shutdown(); }

Service& Server::AddService(absl::string_view full_name) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(full_name));
  return *impl_->services.emplace_back(std::make_unique<Service>(full_name, descriptor));
}

Hooks& Server::hooks() { return impl_->options.gate.hooks; }

void Server::AddReadinessCheck(std::string name, std::function<absl::Status()> check) {
  impl_->checks.push_back({.name = std::move(name), .check = std::move(check)});
}

void Server::ShowMetrics(metrics::Registry& registry) {
  for (const std::unique_ptr<Service>& service : impl_->services) service->ShowMetrics(registry);
  registry.Show({"okr_unknown_method_calls_total", "Calls of methods that are not there"}, {},
                impl_->unknown_methods.calls());
  registry.ShowGauges({"okr_streams_open", "Server streams that are open"}, [this] {
    int64_t open = 0;
    for (const std::unique_ptr<Service>& service : impl_->services) open += service->open_streams();
    return metrics::Samples{{.labels = {}, .value = static_cast<double>(open)}};
  });
  registry.ShowGauges({"okr_ready", "Whether a check of readiness is well"}, [this] {
    metrics::Samples samples;
    for (const Readiness::State& check : impl_->ReadinessOfChecks()) {
      samples.push_back({{{"check", check.name}}, check.status.ok() ? 1.0 : 0.0});
    }
    return samples;
  });
  registry.ShowGauges({"okr_serving", "Whether the service says that it can serve"}, [this] {
    const std::vector<Readiness::State> checks = readiness();
    const bool serving = std::all_of(checks.begin(), checks.end(),
                                     [](const auto& check) { return check.status.ok(); });
    return metrics::Samples{{.labels = {}, .value = serving ? 1.0 : 0.0}};
  });
}

std::vector<Readiness::State> Server::readiness() const {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopping) return {{"stop", absl::UnavailableError("the service is stopping")}};
    if (!impl_->readiness) return {{"start", absl::UnavailableError("the service is starting")}};
  }
  return impl_->ReadinessOfChecks();
}

absl::Status Server::Start() {
  std::vector<std::string> names;
  for (const std::unique_ptr<Service>& service : impl_->services) {
    OKR_RETURN_IF_ERROR(service->Ready());
    names.push_back(service->name());
  }
  impl_->gate.emplace(impl_->options.gate);
  impl_->pool.emplace(impl_->options.pool);
  impl_->health.emplace(std::move(names));
  OKR_RETURN_IF_ERROR(impl_->Listen());
  log::Info("listening", {{"address", impl_->options.listen},
                          {"port", impl_->port},
                          {"tls", impl_->options.tls != nullptr}});
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->readiness.emplace(std::move(impl_->checks), impl_->options.readiness_interval,
                             [this](bool ready) { impl_->health->SetServing(ready); });
  }
  impl_->readiness->Start();
  return absl::OkStatus();
}

int Server::port() const { return impl_->port; }

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return impl_->server->InProcessChannel(grpc::ChannelArguments());
}

void Server::Shutdown() {
  if (impl_->server == nullptr) return;
  log::Info("shutting down", {{"calls", impl_->gate->unary_calls().size()},
                              {"streams", impl_->gate->streams().size()}});
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->health->Shutdown();
  impl_->readiness->Stop();
  if (impl_->options.linger) impl_->options.linger();
  impl_->gate->StopStreams();
  impl_->gate->streams().EndAll(ShuttingDown());
  impl_->StopGrpc();
  impl_->pool->Stop();
  impl_->server.reset();
  log::Info("shut down");
}

}  // namespace okr::rpc
