// Calls to another service of the suite.
//
//   auto goals = rpc::Channel::Create({.address = config.goals_address, .token =
//   runtime.service_token()}); OKR_ASSIGN_OR_RETURN(const KeyResult key_result,
//       (rpc::CallUnary<GetKeyResultRequest, KeyResult>(
//           *goals, "/okr.goals.v1.GoalsService/GetKeyResult", request, {.deadline = call.deadline,
//                                                                       .trace = call.trace})));
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/log/trace_context.h"
#include "common/rpc/consistency_token.h"
#include "common/tls/watched.h"
#include "common/trace/tracer.h"
#include "google/protobuf/message.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace okr::rpc {

struct CallOptions {
  // When the answer must be there; the channel's default timeout from now if it is further away.
  absl::Time deadline = absl::InfiniteFuture();
  TraceContext trace;  // Of the call on whose behalf this one is made.
  std::vector<ConsistencyToken> wanted;
  // If set: the state that the answer tells of.
  std::vector<ConsistencyToken>* written = nullptr;
};

// Connects when it is first used and again by itself. Thread-safe.
class Channel {
 public:
  struct Options {
    std::string
        address;  // "host:port" or "unix:/path"; "dns:///name:port" to spread over replicas.
    // Gives the token of a call, e.g. auth::ServiceTokenSource; quick. Empty: calls without one.
    std::function<absl::StatusOr<std::string>()> token;
    // Whom to believe and what to show; null: without TLS. After a change of the files new calls
    // go over new connections; those under way end on the old ones.
    std::shared_ptr<tls::Watched> tls;
    absl::Duration timeout = absl::Seconds(10);  // Of a call.
    const Clock* clock = &SystemClock::Get();
    const trace::Tracer* tracer = nullptr;  // Gets a span of each sampled call.
  };

  static std::shared_ptr<Channel> Create(Options options);
  // Over a channel that exists, e.g. Server::InProcessChannel.
  Channel(std::shared_ptr<grpc::Channel> channel, Options options);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Makes one call and waits for its end; see CallUnary. `method` begins with '/'.
  absl::Status Call(absl::string_view method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const CallOptions& options);

  const std::string& address() const { return options_.address; }

 private:
  absl::Status Send(absl::string_view method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const CallOptions& options);
  // The one to call over now.
  std::shared_ptr<grpc::Channel> Current();

  const Options options_;
  std::mutex mutex_;
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const tls::Material> material_ ABSL_GUARDED_BY(mutex_);  // Of `channel_`.
};

// Makes a call, waits for it, and gives its answer, or its error with the ErrorDetails that the
// server sent. Reads are tried again by the channel while the other side is UNAVAILABLE.
template <typename Request, typename Response>
absl::StatusOr<Response> CallUnary(Channel& channel, absl::string_view method,
                                   const Request& request, const CallOptions& options = {}) {
  Response response;
  if (absl::Status status = channel.Call(method, request, &response, options); !status.ok()) {
    return status;
  }
  return response;
}

}  // namespace okr::rpc
