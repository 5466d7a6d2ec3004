// A connection to Redis that comes back by itself.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/backoff/backoff.h"
#include "common/redis/connection.h"
#include "common/redis/reply.h"

namespace okr::redis {

// A Lua script, sent by its digest; its text goes out only when the server does not know it.
class Script {
 public:
  // `text` must live as long as the program.
  explicit Script(absl::string_view text);
  absl::string_view text() const { return text_; }
  const std::string& digest() const { return digest_; }  // SHA-1 in hexadecimal digits.

 private:
  absl::string_view text_;
  std::string digest_;
};

struct ClientOptions {
  Options connection;
  Backoff::Options backoff;
  std::function<absl::Time()> now;  // absl::Now if empty.
  std::function<double()> random;   // Of [0, 1); the system's if empty.
};

// Not thread-safe: one for each thread. Connects when it is first used and after each loss; while
// the server cannot be reached, calls fail at once until the backoff lets it try again. A command
// whose reply was lost may have been run: it is never repeated here.
class Client {
 public:
  explicit Client(ClientOptions options);

  // Each takes at most the command timeout, and `extra` for a command that blocks.
  absl::StatusOr<Reply> Command(const Arguments& arguments,
                                absl::Duration extra = absl::ZeroDuration());
  // One round trip for all; error replies are among the replies.
  absl::StatusOr<std::vector<Reply>> Pipeline(const std::vector<Arguments>& commands);
  absl::StatusOr<Reply> Eval(const Script& script, const std::vector<absl::string_view>& keys,
                             const std::vector<absl::string_view>& arguments);

  // Of CONFIG GET, e.g. "maxmemory-policy"; nullopt if the server does not know the name. Managed
  // servers refuse the command: INTERNAL.
  absl::StatusOr<std::optional<std::string>> ConfigGet(absl::string_view name);

  // Whether the last call reached the server; false before the first.
  bool connected() const { return connection_ != nullptr; }

 private:
  absl::Status Connect();
  // Drops the connection if `status` says that it is gone.
  absl::Status Checked(const absl::Status& status);

  const ClientOptions options_;
  std::unique_ptr<Connection> connection_;
  Backoff backoff_;
  absl::Time next_try_ = absl::InfinitePast();
};

}  // namespace okr::redis
