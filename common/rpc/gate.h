// The one place where every call passes, before its handler and after it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/call_registry.h"
#include "common/rpc/gate_options.h"
#include "common/rpc/method_metrics.h"
#include "common/rpc/organization_check.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace grpc {
class ByteBuffer;
class CallbackServerContext;
}  // namespace grpc

namespace okr::rpc {

// What the gate knows of one method. Immutable.
struct MethodInfo {
  explicit MethodInfo(const google::protobuf::MethodDescriptor& method);

  const std::string name;                                     // "okr.x.v1.XService/GetX".
  const bool streaming;                                       // The answer.
  const google::protobuf::FieldDescriptor* const request_id;  // Null if requests have none.
  const OrganizationCheck organizations;
  const std::unique_ptr<MethodMetrics> metrics;  // Counted by the gate.
};

// Thread-safe.
class Gate {
 public:
  explicit Gate(GateOptions options);

  // Fills what is known before the request is read, and tells on_start.
  void Open(const MethodInfo& method, const grpc::CallbackServerContext& context, Call* call) const;

  // Authenticates, reads the request, and checks what does not need the store. OK if the handler
  // may run.
  absl::Status Admit(const MethodInfo& method, const grpc::CallbackServerContext& context,
                     const grpc::ByteBuffer& wire, google::protobuf::Message* request,
                     Call* call) const;

  // Calls `done` once with OK when the state that the call wants is there, at once if it wants
  // none. `call` must live until then.
  void AwaitWantedState(const Call& call, std::function<void(absl::Status)> done) const;

  // Writes the log line of the call that ended with `status` and tells on_finish. Gives what the
  // client is to be told.
  absl::Status Close(const Call& call, const absl::Status& status) const;

  // DEADLINE_EXCEEDED if the call's deadline passed, else OK.
  absl::Status CheckDeadline(const Call& call) const;

  // From now on streams are refused.
  void StopStreams() { streams_stopped_ = true; }
  CallRegistry& unary_calls() const { return unary_calls_; }
  CallRegistry& streams() const { return streams_; }

 private:
  absl::Status Authenticate(const grpc::CallbackServerContext& context, Call* call) const;
  void WriteLogLine(const Call& call, const absl::Status& status, const absl::Status& told,
                    absl::Duration took) const;

  const GateOptions options_;
  mutable UuidGenerator ids_;
  std::atomic<bool> streams_stopped_{false};
  mutable CallRegistry unary_calls_;
  mutable CallRegistry streams_;
};

// UNAVAILABLE / SHUTTING_DOWN.
absl::Status ShuttingDown();

}  // namespace okr::rpc
