// One call with one answer.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/call_registry.h"
#include "google/protobuf/message.h"

namespace grpc {
class ByteBuffer;
class CallbackServerContext;
class ServerUnaryReactor;
}  // namespace grpc

namespace okr::rpc {

class Gate;

// What the calls of all messages have in common; see UnaryCall. Held by shared_ptr only.
class UnaryCallBase : public ActiveCall {
 public:
  UnaryCallBase() = default;
  UnaryCallBase(const UnaryCallBase&) = delete;
  UnaryCallBase& operator=(const UnaryCallBase&) = delete;
  // A call that nobody finished is answered with INTERNAL.
  ~UnaryCallBase() override;

  // Not to be changed after Finish.
  Call& call() { return call_; }
  const Call& call() const { return call_; }

  // Ends the call, with response() if `status` is OK. To be called once, from any thread; later
  // calls are ignored. Neither request nor response may be touched after it.
  void Finish(const absl::Status& status);

 protected:
  virtual google::protobuf::Message& mutable_request() = 0;
  virtual const google::protobuf::Message& const_response() const = 0;

 private:
  friend class ServiceImpl;

  void EndByServer(const absl::Status& status) override { Finish(status); }
  // Writes response and trailing metadata.
  absl::Status FillAnswer();

  Call call_;
  // All valid until the call is finished.
  const Gate* gate_ = nullptr;
  grpc::CallbackServerContext* context_ = nullptr;
  grpc::ServerUnaryReactor* reactor_ = nullptr;
  grpc::ByteBuffer* answer_ = nullptr;
  std::atomic<bool> finished_{false};
};

template <typename Request, typename Response>
class UnaryCall final : public UnaryCallBase {
 public:
  // Call, `const Call& call()` and `Finish(status)` are those of UnaryCallBase.
  const Request& request() const { return request_; }
  Response& response() { return response_; }

  // Finish with a response or an error.
  void FinishWith(absl::StatusOr<Response> response) {
    if (!response.ok()) return Finish(response.status());
    response_ = *std::move(response);
    Finish(absl::OkStatus());
  }

 private:
  google::protobuf::Message& mutable_request() override { return request_; }
  const google::protobuf::Message& const_response() const override { return response_; }

  Request request_;
  Response response_;
};

}  // namespace okr::rpc
