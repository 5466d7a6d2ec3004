// Where Redis is, as one setting.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/redis/connection.h"

namespace okr::redis {

// Reads "redis://[[user]:password@]host[:port]", "rediss://..." (TLS) or "unix:///path/to/socket".
// INVALID_ARGUMENT otherwise, without repeating the text, which may hold a password.
absl::StatusOr<Options> ParseUrl(absl::string_view url);

}  // namespace okr::redis
