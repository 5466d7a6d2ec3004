// Text that may go into protobuf strings.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace okr::rpc {

// As protobuf demands it of its strings: no overlong forms, no surrogates, nothing cut off.
bool IsValidUtf8(absl::string_view text);

// Valid UTF-8 of at most `max_bytes`: "?" for each byte that is not, and "..." at the end if it was
// cut.
std::string ToShortText(absl::string_view text, size_t max_bytes);

}  // namespace okr::rpc
