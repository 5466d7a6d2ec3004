// grpc.health.v1.Health.
#pragma once

#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"

namespace okr::rpc {

// gRPC's own health service says SERVING before anybody can contradict, and its Watch streams hold
// up the end of the server until the drain time is over; this one does neither. All services share
// one state, NOT_SERVING at first. Thread-safe; lives longer than the server.
class HealthService final : public grpc::Service {
 public:
  // `services` are full names. On top come the empty name, for the whole process, and "liveness",
  // which is SERVING from the start to the end, whatever the others are.
  explicit HealthService(std::vector<std::string> services);
  ~HealthService() override;

  void SetServing(bool serving);
  // NOT_SERVING for good; those who watch are told, then their streams end.
  void Shutdown();

 private:
  class Watcher;
  enum class Subject { kUnknown, kReadiness, kLiveness };
  // As in grpc.health.v1.HealthCheckResponse.
  enum Status : int { kServing = 1, kNotServing = 2, kServiceUnknown = 3 };

  Subject SubjectOf(absl::string_view service) const;
  Status StatusOf(Subject subject) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::ByteBuffer& wire, grpc::ByteBuffer* answer);
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(const grpc::ByteBuffer& wire);

  const std::set<std::string> services_;
  std::mutex mutex_;
  bool serving_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<Watcher*> watchers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace okr::rpc
