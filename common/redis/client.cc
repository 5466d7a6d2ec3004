#include "common/redis/client.h"

#include <openssl/evp.h>

#include <array>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/redis/error.h"
#include "common/status/macros.h"

namespace okr::redis {
namespace {

ClientOptions WithDefaults(ClientOptions options) {
  if (!options.now) options.now = absl::Now;
  if (!options.random) {
    options.random = [random = std::make_shared<absl::BitGen>()] {
      return absl::Uniform(*random, 0.0, 1.0);
    };
  }
  return options;
}

std::string Sha1(absl::string_view text) {
  std::array<char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha1(), nullptr);
  return absl::BytesToHexString(absl::string_view(digest.data(), size));
}

}  // namespace

Script::Script(absl::string_view text) : text_(text), digest_(Sha1(text)) {}

Client::Client(ClientOptions options)
    : options_(WithDefaults(std::move(options))), backoff_(options_.backoff, options_.random) {}

absl::Status Client::Connect() {
  if (connection_ != nullptr && connection_->CheckAlive()) return absl::OkStatus();
  connection_.reset();
  if (options_.now() < next_try_) return ConnectionLost("the next try has to wait");
  auto connection = Connection::Open(options_.connection);
  if (!connection.ok()) {
    next_try_ = options_.now() + backoff_.Failed();
    return connection.status();
  }
  backoff_.Succeeded();
  connection_ = *std::move(connection);
  return absl::OkStatus();
}

absl::Status Client::Checked(const absl::Status& status) {
  if (connection_->broken()) connection_.reset();
  return status;
}

absl::StatusOr<Reply> Client::Command(const Arguments& arguments, absl::Duration extra) {
  OKR_RETURN_IF_ERROR(Connect());
  auto reply =
      connection_->Command(arguments, absl::Now() + options_.connection.command_timeout + extra);
  OKR_RETURN_IF_ERROR(Checked(reply.status()));
  return reply;
}

absl::StatusOr<std::vector<Reply>> Client::Pipeline(const std::vector<Arguments>& commands) {
  OKR_RETURN_IF_ERROR(Connect());
  for (const Arguments& arguments : commands) connection_->Append(arguments);
  auto replies = connection_->Flush(absl::Now() + options_.connection.command_timeout);
  OKR_RETURN_IF_ERROR(Checked(replies.status()));
  return replies;
}

absl::StatusOr<Reply> Client::Eval(const Script& script, const std::vector<absl::string_view>& keys,
                                   const std::vector<absl::string_view>& arguments) {
  const std::string key_count = absl::StrCat(keys.size());
  Arguments command = {"EVALSHA", script.digest(), key_count};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto reply = Command(command);
  if (reply.ok() || ErrorCodeOf(reply.status()) != "NOSCRIPT") return reply;
  command[0] = "EVAL";
  command[1] = script.text();
  return Command(command);
}

absl::StatusOr<std::optional<std::string>> Client::ConfigGet(absl::string_view name) {
  OKR_ASSIGN_OR_RETURN(const Reply reply, Command({"CONFIG", "GET", name}));
  if (reply.size() != 2) return std::nullopt;
  return std::string(reply[1].text());
}

}  // namespace okr::redis
