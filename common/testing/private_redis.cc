#include "common/testing/private_redis.h"

#include <signal.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/redis/error.h"
#include "common/status/macros.h"

namespace okr::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

absl::StatusOr<redis::Options> ParseAddress(const std::string& text) {
  if (absl::StartsWith(text, "/")) return redis::Options{.unix_socket = text};
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  redis::Options options;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &options.port)) {
    return absl::InvalidArgumentError("OKR_TEST_REDIS must be a path or host:port");
  }
  options.host = parts[0];
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PrivateRedis>> PrivateRedis::Make(
    const std::vector<std::string>& arguments) {
  auto server = std::unique_ptr<PrivateRedis>(new PrivateRedis());
  server->arguments_ = arguments;
  OKR_ASSIGN_OR_RETURN(server->directory_, TempDirectory::Make());
  OKR_RETURN_IF_ERROR(server->Start());
  return server;
}

redis::Options PrivateRedis::options() const {
  return {.unix_socket = directory_->path() + "/redis.sock"};
}

absl::Status PrivateRedis::Start() {
  std::vector<std::string> arguments = {"/usr/bin/redis-server",
                                        "--port",
                                        "0",
                                        "--unixsocket",
                                        options().unix_socket,
                                        "--dir",
                                        directory_->path(),
                                        "--save",
                                        "",
                                        "--appendonly",
                                        "no"};
  arguments.insert(arguments.end(), arguments_.begin(), arguments_.end());
  OKR_ASSIGN_OR_RETURN(server_, ChildProcess::Start({.arguments = arguments,
                                                     .log_path = directory_->path() + "/log"}));
  return AwaitAnswer();
}

absl::Status PrivateRedis::AwaitAnswer() {
  const absl::Time deadline = absl::Now() + kPatience;
  while (absl::Now() < deadline) {
    auto connection = redis::Connection::Open(options());
    if (connection.ok()) {
      const auto pong = (*connection)->Command({"PING"}, deadline);
      // Also a server that asks for a password has answered.
      if (pong.ok() || redis::ErrorCodeOf(pong.status()) == "NOAUTH") return absl::OkStatus();
    }
    // The wait between two tries; ends early if the server does.
    if (server_->Wait(absl::Now() + absl::Milliseconds(10))) break;
  }
  return absl::InternalError(
      absl::StrCat("Redis does not start:\n", TailOf(directory_->path() + "/log")));
}

absl::Status PrivateRedis::Kill() {
  if (server_ == nullptr) return absl::OkStatus();
  server_->Signal(SIGKILL);
  const auto code = server_->Wait(absl::Now() + kPatience);
  server_.reset();
  return code ? absl::OkStatus() : absl::InternalError("Redis was not killed");
}

void PrivateRedis::Pause() {
  if (server_ != nullptr) server_->Signal(SIGSTOP);
}

void PrivateRedis::Resume() {
  if (server_ != nullptr) server_->Signal(SIGCONT);
}

absl::StatusOr<redis::Options> SharedRedis() {
  if (const char* shared = std::getenv("OKR_TEST_REDIS"); shared != nullptr) {
    return ParseAddress(shared);
  }
  static const auto server = PrivateRedis::Make();
  OKR_RETURN_IF_ERROR(server.status());
  return (*server)->options();
}

}  // namespace okr::testing
