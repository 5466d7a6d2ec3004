// Small files.
#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::cli {

// The whole content; "-" is standard input. A usage error says why it cannot be read.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Replaces the file in one step, and makes its folder if need be.
absl::Status WriteFile(const std::string& path, absl::string_view content, mode_t mode);

}  // namespace okr::cli
