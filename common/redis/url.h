// Where Redis is, as one setting.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/redis/connection.h"

namespace okr::redis {

// Reads "redis://[[user]:password@]host[:port]", "rediss://..." (TLS) or "unix:///path/to/socket".
// INVALID_ARGUMENT otherwise, without repeating the text, which may hold a password.
absl::StatusOr<Options> ParseUrl(absl::string_view url);

// The settings of a service. Empty: not set.
struct Settings {
  std::string url;
  std::string password;  // Instead of the URL's.
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
};

// INVALID_FIELDS that names every wrong one of the settings "redis-url", "redis-ca-file" and so on;
// files are read, to see that they can be.
absl::StatusOr<Options> ReadSettings(const Settings& settings);

}  // namespace okr::redis
