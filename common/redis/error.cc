#include "common/redis/error.h"

#include <algorithm>
#include <array>

#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "common/status/error.h"

namespace okr::redis {
namespace {

constexpr absl::string_view kLostUrl = "okr/redis-lost";
constexpr absl::string_view kReplyUrl = "okr/redis-error-reply";
constexpr absl::Duration kRetryDelay = absl::Seconds(1);

absl::Status Unavailable() {
  return MakeError(absl::StatusCode::kUnavailable, "Redis is not available; try again",
                   {.reason = "REDIS_UNAVAILABLE", .retry_delay = kRetryDelay});
}

absl::string_view FirstWord(absl::string_view text) { return text.substr(0, text.find(' ')); }

bool MayPass(absl::string_view code) {
  constexpr std::array<absl::string_view, 14> kPassing = {
      "LOADING",  "BUSY",  "MASTERDOWN", "READONLY",  "OOM",    "MISCONF",    "CLUSTERDOWN",
      "TRYAGAIN", "MOVED", "ASK",        "WRONGPASS", "NOAUTH", "NOREPLICAS", "UNBLOCKED"};
  return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

std::string PayloadOf(const absl::Status& status, absl::string_view url) {
  const auto payload = status.GetPayload(url);
  return payload.has_value() ? std::string(*payload) : "";
}

}  // namespace

absl::Status ConnectionLost(absl::string_view why) {
  absl::Status status = Unavailable();
  status.SetPayload(kLostUrl, absl::Cord(why));
  return status;
}

absl::Status ErrorReply(absl::string_view text) {
  absl::Status status = MayPass(FirstWord(text))
                            ? Unavailable()
                            : MakeError(absl::StatusCode::kInternal, "Redis refused a command",
                                        {.reason = "INTERNAL"});
  status.SetPayload(kReplyUrl, absl::Cord(text));
  return status;
}

bool IsConnectionLost(const absl::Status& status) {
  return status.GetPayload(kLostUrl).has_value();
}

std::string LogDetailOf(const absl::Status& status) {
  return PayloadOf(status, IsConnectionLost(status) ? kLostUrl : kReplyUrl);
}

std::string ErrorCodeOf(const absl::Status& status) {
  const std::string text = PayloadOf(status, kReplyUrl);
  return std::string(FirstWord(text));
}

}  // namespace okr::redis
