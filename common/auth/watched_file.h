// Small files that others replace while we run.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace okr::auth {

// The whole content. NOT_FOUND if it cannot be opened; INVALID_ARGUMENT beyond `max_size`.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t max_size);

// A text that differs after the file was replaced or written; empty if there is none.
std::string FileStamp(const std::string& path);

}  // namespace okr::auth
