// Text as JSON.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace okr::log {

// Appends `text` as a JSON string with its quotes. Control characters are escaped, and each byte
// that is not part of valid UTF-8 becomes U+FFFD, so that the result is always valid JSON.
void AppendJsonString(std::string& out, absl::string_view text);

}  // namespace okr::log
