// Calls of the suite's public API.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/client/consistency_memory.h"
#include "cli/config/settings.h"
#include "common/clock/clock.h"
#include "google/protobuf/message.h"

namespace grpc {
class Channel;
class ClientContext;
class Status;
}  // namespace grpc

namespace okr::cli {

struct CallOptions {
  std::string token;    // Instead of the caller's.
  std::string service;  // Instead of the home of the method, for the event log.
};

// Not thread-safe.
class Client {
 public:
  struct Options {
    std::function<std::string(absl::string_view service)> address;
    // Asked for each address; empty: no TLS.
    std::function<absl::StatusOr<TlsSettings>()> tls;
    std::function<absl::StatusOr<std::string>()> token;
    std::function<std::string()> new_request_id;
    std::function<void(absl::Duration)> sleep;
    std::function<double()> random;               // From [0, 1).
    absl::Duration timeout = absl::Seconds(30);   // Of a call.
    absl::Duration retry_for = absl::Seconds(3);  // While a service is not there.
    const Clock* clock = &SystemClock::Get();
  };

  // `memory` must outlive it.
  Client(Options options, ConsistencyMemory* memory);
  ~Client();

  // Calls the method to which `request` belongs. Writes get a request_id, so that all may be tried
  // again while the service is UNAVAILABLE, OVERLOADED or kept colliding. The error carries the
  // service's details, see render/errors.h.
  absl::Status Invoke(const google::protobuf::Message& request, google::protobuf::Message* response,
                      const CallOptions& options = {});
  template <typename Response>
  absl::StatusOr<Response> Call(const google::protobuf::Message& request,
                                const CallOptions& options = {}) {
    Response response;
    absl::Status status = Invoke(request, &response, options);
    if (!status.ok()) return status;
    return response;
  }

  // Reads a server stream into `item`, and calls `on_item` after each, until that returns false or
  // the stream ends.
  absl::Status Stream(const google::protobuf::Message& request, google::protobuf::Message* item,
                      const std::function<bool()>& on_item, const CallOptions& options = {});

  // All pages of a List request; it is changed. Gives copies of its one repeated field.
  absl::StatusOr<std::vector<std::unique_ptr<google::protobuf::Message>>> ListAll(
      google::protobuf::Message* request, const CallOptions& options = {});

  // grpc.health.v1 of a server, "" being the server as a whole. True if it is SERVING. Not retried.
  absl::StatusOr<bool> IsServing(const std::string& address, const std::string& name);

 private:
  struct Target {
    std::string service;
    std::string address;
    std::string path;
  };

  absl::StatusOr<Target> TargetOf(const google::protobuf::Message& request,
                                  const CallOptions& options) const;
  absl::StatusOr<std::shared_ptr<grpc::Channel>> ChannelTo(const std::string& address);
  // Refused by the service, or never got there; then why.
  absl::Status ToStatus(const grpc::Status& status, absl::string_view service,
                        const std::string& address) const;
  absl::Status Prepare(const CallOptions& options, grpc::ClientContext* context);
  absl::Status Once(const Target& target, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const CallOptions& options);

  const Options options_;
  ConsistencyMemory& memory_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
  TlsSettings tls_;  // Of the channels.
};

}  // namespace okr::cli
