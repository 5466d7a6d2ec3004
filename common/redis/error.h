// What Redis or the way to it refused, as absl::Status. The message is generic; the server's words
// are in a payload, for the log and for decisions.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace okr::redis {

// UNAVAILABLE / REDIS_UNAVAILABLE with retry delay: the connection is lost or the server did not
// answer in time.
absl::Status ConnectionLost(absl::string_view why);

// Of an error reply such as "NOSCRIPT no such script": UNAVAILABLE / REDIS_UNAVAILABLE where
// another moment or another server helps (LOADING, READONLY, OOM, NOAUTH, ...), else INTERNAL.
absl::Status ErrorReply(absl::string_view text);

bool IsConnectionLost(const absl::Status& status);

// What the server or the library said; "" for statuses from elsewhere.
std::string LogDetailOf(const absl::Status& status);

// First word of an error reply, e.g. "NOSCRIPT" or "ERR"; "" if it is none.
std::string ErrorCodeOf(const absl::Status& status);

}  // namespace okr::redis
