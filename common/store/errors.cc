#include "common/store/errors.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace okr::store::error {

absl::Status RequestIdReused(absl::string_view request_id) {
  return MakeError(
      absl::StatusCode::kAlreadyExists,
      absl::StrCat("request_id \"", request_id,
                   "\" was used by another caller or with another body; choose a new one"),
      {.reason = "REQUEST_ID_REUSED", .metadata = {{"request_id", std::string(request_id)}}});
}

absl::Status DeadlinePassedInQueue() {
  return MakeError(absl::StatusCode::kDeadlineExceeded,
                   "the deadline passed before the work began; nothing was changed",
                   {.reason = "DEADLINE_EXCEEDED"});
}

absl::Status TooMuchWaiting(size_t waiting) {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   absl::StrCat(waiting, " writes are waiting already; try again"),
                   {.reason = "OVERLOADED", .retry_delay = absl::Seconds(1)});
}

absl::Status StillColliding() {
  return MakeError(absl::StatusCode::kAborted, "kept colliding with concurrent changes; try again",
                   {.reason = "CONFLICT", .retry_delay = absl::Milliseconds(100)});
}

absl::Status ShuttingDown() {
  return MakeError(absl::StatusCode::kUnavailable, "the service is stopping; connect again",
                   {.reason = "SHUTTING_DOWN", .retry_delay = absl::Milliseconds(500)});
}

absl::Status TooManyRounds() {
  return MakeError(absl::StatusCode::kInternal, "a command kept asking for more rows",
                   {.reason = "INTERNAL"});
}

}  // namespace okr::store::error
