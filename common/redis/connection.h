// One connection to Redis.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/redis/reply.h"

struct redisContext;
struct ssl_st;

namespace okr::redis {

struct Options {
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string unix_socket;  // Path; used instead of host and port if set.
  std::string username;     // Needs a password.
  std::string password;
  bool tls = false;
  std::string tls_ca_file;           // Whom to believe; empty: the system's authorities.
  std::string tls_certificate_file;  // The client's, with its key; empty: none is shown.
  std::string tls_key_file;
  absl::Duration connect_timeout = absl::Seconds(2);
  absl::Duration command_timeout = absl::Seconds(2);
};

// INVALID_ARGUMENT for settings that this build cannot serve: TLS needs hiredis 1.0 or newer. To be
// called at start.
absl::Status Validate(const Options& options);

using Arguments = std::vector<absl::string_view>;

// Not thread-safe. After a failure of the connection it is broken; see Client for reconnecting.
class Connection {
 public:
  // Connects and authenticates. See error.h.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Options& options);

  // Queues a command for Flush. Copies the arguments.
  void Append(const Arguments& arguments);
  // Sends the queued commands together and gives one reply for each; error replies are among them.
  // The connection is broken if that takes longer than `deadline`.
  absl::StatusOr<std::vector<Reply>> Flush(absl::Time deadline);
  // Append and Flush of one command; an error reply is given as its status.
  absl::StatusOr<Reply> Command(const Arguments& arguments, absl::Time deadline);

  bool broken() const { return broken_; }
  // Looks, without waiting, whether the server has closed the connection; if so it is broken.
  bool CheckAlive();

 private:
  struct Close {
    void operator()(redisContext* context) const;
  };
  explicit Connection(redisContext* context) : context_(context) {}
  absl::Status AwaitConnected(absl::Time deadline);
  absl::Status Authenticate(const Options& options, absl::Time deadline);
  // Sends what is in the output buffer and reads until there is a reply.
  absl::StatusOr<Reply> ReadReply(absl::Time deadline);
  absl::Status Lost(absl::string_view why);

  std::unique_ptr<redisContext, Close> context_;
  ssl_st* tls_ = nullptr;  // Of `context_`; null without TLS.
  size_t queued_ = 0;
  bool broken_ = false;
};

}  // namespace okr::redis
