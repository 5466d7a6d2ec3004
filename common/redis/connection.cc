#include "common/redis/connection.h"

#include <hiredis/hiredis.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"
#include "common/redis/error.h"
#include "common/redis/tls.h"
#include "common/socket/await_socket.h"
#include "common/status/macros.h"

namespace okr::redis {

absl::Status Validate(const Options& options) {
  if (options.tls && !HasTls()) {
    return absl::InvalidArgumentError(
        "TLS to Redis is not available: this build has a hiredis without it (1.0 or newer has it, "
        "Debian 13 for example); use a TLS proxy beside the service, or a unix socket");
  }
  if (!options.username.empty() && options.password.empty()) {
    return absl::InvalidArgumentError("a Redis user name needs a password");
  }
  if (options.unix_socket.empty() && (options.port < 1 || options.port > 65535)) {
    return absl::InvalidArgumentError("the port of Redis must be from 1 to 65535");
  }
  return absl::OkStatus();
}

void Connection::Close::operator()(redisContext* context) const { redisFree(context); }

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Options& options) {
  OKR_RETURN_IF_ERROR(Validate(options));
  const absl::Time deadline = absl::Now() + options.connect_timeout;
  redisContext* const context = options.unix_socket.empty()
                                    ? redisConnectNonBlock(options.host.c_str(), options.port)
                                    : redisConnectUnixNonBlock(options.unix_socket.c_str());
  if (context == nullptr) return absl::ResourceExhaustedError("out of memory");
  auto connection = std::unique_ptr<Connection>(new Connection(context));
  OKR_RETURN_IF_ERROR(connection->AwaitConnected(deadline));
  if (options.tls) {
    const auto session = StartTls(context, options, deadline);
    if (!session.ok()) return connection->Lost(session.status().message());
    connection->tls_ = *session;
  }
  OKR_RETURN_IF_ERROR(connection->Authenticate(options, deadline));
  return connection;
}

absl::Status Connection::AwaitConnected(absl::Time deadline) {
  if (context_->err != 0) return Lost(context_->errstr);
  if (!AwaitSocket(context_->fd, {.write = true}, deadline)) return Lost("connect timeout");
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return error == 0 ? absl::OkStatus() : Lost(std::strerror(error));
}

absl::Status Connection::Authenticate(const Options& options, absl::Time deadline) {
  if (options.password.empty()) return absl::OkStatus();
  Arguments arguments = {"AUTH"};
  if (!options.username.empty()) arguments.emplace_back(options.username);
  arguments.emplace_back(options.password);
  return Command(arguments, deadline).status();
}

absl::Status Connection::Lost(absl::string_view why) {
  broken_ = true;
  return ConnectionLost(why);
}

bool Connection::CheckAlive() {
  // While nothing is asked the server says nothing: what can be read is the end.
  if (!broken_ && AwaitSocket(context_->fd, {.read = true}, absl::InfinitePast())) {
    broken_ = tls_ == nullptr || !IsAlive(tls_);
  }
  return !broken_;
}

void Connection::Append(const Arguments& arguments) {
  std::vector<const char*> values;
  std::vector<size_t> sizes;
  for (const absl::string_view argument : arguments) {
    values.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  if (redisAppendCommandArgv(context_.get(), static_cast<int>(arguments.size()), values.data(),
                             sizes.data()) != REDIS_OK) {
    broken_ = true;
  }
  ++queued_;
}

absl::StatusOr<std::vector<Reply>> Connection::Flush(absl::Time deadline) {
  const size_t count = std::exchange(queued_, 0);
  if (broken_) return Lost("the connection is broken");
  std::vector<Reply> replies;
  replies.reserve(count);
  while (replies.size() < count) {
    OKR_ASSIGN_OR_RETURN(Reply reply, ReadReply(deadline));
    replies.push_back(std::move(reply));
  }
  return replies;
}

absl::StatusOr<Reply> Connection::ReadReply(absl::Time deadline) {
  redisContext* const context = context_.get();
  int all_sent = 0;
  while (true) {
    void* reply = nullptr;
    if (redisGetReplyFromReader(context, &reply) != REDIS_OK) return Lost(context->errstr);
    if (reply != nullptr) return Reply(static_cast<redisReply*>(reply));
    if (all_sent == 0 && redisBufferWrite(context, &all_sent) != REDIS_OK) {
      return Lost(context->errstr);
    }
    const bool buffered = tls_ != nullptr && HasBufferedBytes(tls_);
    if (!buffered && !AwaitSocket(context->fd, {.read = true, .write = all_sent == 0}, deadline)) {
      return Lost("the server did not answer before the deadline");
    }
    if (redisBufferRead(context) != REDIS_OK) return Lost(context->errstr);
  }
}

absl::StatusOr<Reply> Connection::Command(const Arguments& arguments, absl::Time deadline) {
  Append(arguments);
  OKR_ASSIGN_OR_RETURN(const std::vector<Reply> replies, Flush(deadline));
  OKR_RETURN_IF_ERROR(replies.back().ToStatus());
  return replies.back();
}

}  // namespace okr::redis
