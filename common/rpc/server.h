// The gRPC server of one process: its services with the gate before them, health, reflection,
// channelz, readiness and an orderly end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/metrics/registry.h"
#include "common/rpc/gate_options.h"
#include "common/rpc/pool.h"
#include "common/rpc/readiness.h"
#include "common/rpc/service.h"
#include "common/rpc/tls_credentials.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace okr::rpc {

struct ServerOptions {
  std::string listen = "127.0.0.1:0";  // "host:port", "[::]:port" or "unix:/path". Port 0: any.
  // Certificates to serve with; null: without TLS. Then `listen` has an IP address or a path.
  std::shared_ptr<tls::Watched> tls;
  ClientCertificates client_certificates = ClientCertificates::kNone;
  GateOptions gate;
  Pool::Options pool;
  int max_metadata_bytes = 8 << 10;
  int max_concurrent_streams = 1000;                     // Of one connection.
  absl::Duration max_connection_age = absl::Minutes(5);  // So that clients spread again.
  absl::Duration max_connection_age_grace = absl::Seconds(30);
  absl::Duration drain = absl::Seconds(20);  // How long running calls may take after Shutdown.
  // Waits, after health has become NOT_SERVING and before any call is refused, until those who
  // choose among servers have noticed. Empty: goes on at once.
  std::function<void()> linger;
  absl::Duration readiness_interval = absl::Milliseconds(500);
};

// Add services, checks and hooks, Start, then Shutdown (or Wait for a signal, see Runtime). One
// thread.
class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  // Shuts down if that was not done.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The service of this full name, whose generated messages are linked in. Owned by the server.
  Service& AddService(absl::string_view full_name);
  // Where to add what takes part in every call; until Start.
  Hooks& hooks();
  // Health of "" and every service is SERVING while all checks give OK. Until Start.
  void AddReadinessCheck(std::string name, std::function<absl::Status()> check);

  // Shows what is counted of calls, and readiness, which must outlive the registry's last Text;
  // after the last AddService.
  void ShowMetrics(metrics::Registry& registry);
  // Why it is not ready, check by check; when it has not started yet or is stopping, one check says
  // so. Any thread; never waits.
  std::vector<Readiness::State> readiness() const;

  // FAILED_PRECONDITION if a service is not ready (see Service::Ready); UNAVAILABLE if the address
  // cannot be bound. Then nothing runs.
  absl::Status Start();
  int port() const;  // After Start.
  // A channel to this server that needs no network; after Start. For tests.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // NOT_SERVING at once; after ServerOptions::linger no new connections, streams end with
  // SHUTTING_DOWN, running calls finish, and those that take longer than the drain time are ended
  // with SHUTTING_DOWN. Returns when no handler's call is left. Idempotent.
  void Shutdown();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace okr::rpc
