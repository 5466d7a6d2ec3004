#include "common/rpc/health.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>

#include <utility>

#include "common/rpc/gate.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/wire.h"
#include "common/status/error.h"
#include "grpc/health/v1/health.pb.h"

namespace okr::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr size_t kMaxRequestBytes = 4096;
constexpr char kLivenessName[] = "liveness";

grpc::ByteBuffer ResponseOf(int status) {
  HealthCheckResponse response;
  response.set_status(static_cast<HealthCheckResponse::ServingStatus>(status));
  grpc::ByteBuffer wire;
  Serialize(response, &wire).IgnoreError();  // It fails only for giant messages.
  return wire;
}

absl::Status UnknownService() {
  return MakeError(absl::StatusCode::kNotFound, "No such service is served here",
                   {.reason = "RESOURCE_NOT_FOUND"});
}

std::set<std::string> WithEmptyName(std::vector<std::string> services) {
  std::set<std::string> all(services.begin(), services.end());
  all.insert("");
  return all;
}

}  // namespace

// One Watch stream. All members are guarded by the mutex of the service.
class HealthService::Watcher final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  Watcher(HealthService& service, Subject subject) : service_(service), subject_(subject) {}

  // Sends what was not sent yet.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(service_.mutex_) {
    if (writing_ || finished_) return;
    const Status now = service_.StatusOf(subject_);
    if (!cancelled_ && now != sent_) {
      sent_ = now;
      writing_ = true;
      message_ = ResponseOf(now);
      StartWrite(&message_);
    } else if (cancelled_ || service_.stopping_) {
      finished_ = true;
      Finish(ToGrpc(ShuttingDown()));
    }
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(service_.mutex_);
    writing_ = false;
    cancelled_ = cancelled_ || !ok;
    Advance();
  }

  void OnCancel() override {
    const std::lock_guard lock(service_.mutex_);
    cancelled_ = true;
    Advance();
  }

  void OnDone() override {
    {
      const std::lock_guard lock(service_.mutex_);
      service_.watchers_.erase(this);
    }
    delete this;
  }

 private:
  HealthService& service_;
  const Subject subject_;
  int sent_ = 0;
  bool writing_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
  grpc::ByteBuffer message_;
};

HealthService::HealthService(std::vector<std::string> services)
    : services_(WithEmptyName(std::move(services))) {
  using grpc::internal::RpcMethod;
  using grpc::internal::RpcServiceMethod;
  AddMethod(new RpcServiceMethod("/grpc.health.v1.Health/Check", RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      0, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
             [this](grpc::CallbackServerContext* context, const grpc::ByteBuffer* wire,
                    grpc::ByteBuffer* answer) { return Check(context, *wire, answer); }));
  AddMethod(
      new RpcServiceMethod("/grpc.health.v1.Health/Watch", RpcMethod::SERVER_STREAMING, nullptr));
  MarkMethodRawCallback(
      1, new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
             [this](grpc::CallbackServerContext*, const grpc::ByteBuffer* wire) {
               return Watch(*wire);
             }));
}

HealthService::~HealthService() = default;

void HealthService::SetServing(bool serving) {
  const std::lock_guard lock(mutex_);
  serving_ = serving;
  for (Watcher* watcher : watchers_) watcher->Advance();
}

void HealthService::Shutdown() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (Watcher* watcher : watchers_) watcher->Advance();
}

HealthService::Subject HealthService::SubjectOf(absl::string_view service) const {
  if (service == kLivenessName) return Subject::kLiveness;
  return services_.count(std::string(service)) > 0 ? Subject::kReadiness : Subject::kUnknown;
}

HealthService::Status HealthService::StatusOf(Subject subject) const {
  if (subject == Subject::kUnknown) return kServiceUnknown;
  if (subject == Subject::kLiveness) return kServing;
  return serving_ && !stopping_ ? kServing : kNotServing;
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer& wire,
                                               grpc::ByteBuffer* answer) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  HealthCheckRequest request;
  absl::Status status = ParseRequest(wire, kMaxRequestBytes, &request);
  const Subject subject = SubjectOf(request.service());
  if (status.ok() && subject == Subject::kUnknown) status = UnknownService();
  if (status.ok()) {
    const std::lock_guard lock(mutex_);
    *answer = ResponseOf(StatusOf(subject));
  }
  reactor->Finish(ToGrpc(status));
  return reactor;
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* HealthService::Watch(const grpc::ByteBuffer& wire) {
  HealthCheckRequest request;
  const bool readable = ParseRequest(wire, kMaxRequestBytes, &request).ok();
  auto* watcher = new Watcher(*this, readable ? SubjectOf(request.service()) : Subject::kUnknown);
  const std::lock_guard lock(mutex_);
  watchers_.insert(watcher);
  watcher->Advance();
  return watcher;
}

}  // namespace okr::rpc
