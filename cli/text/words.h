// Words: how wide they are on a terminal, and which known one somebody meant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace okr::cli {

// Columns of a UTF-8 text on a terminal; 2 for wide East Asian characters and emoji, 0 for
// combining marks and colour codes.
size_t DisplayWidth(absl::string_view text);

// The longest beginning that fits into `width` columns, ending in "…" if something was cut off.
std::string FitTo(absl::string_view text, size_t width);

// Where the first byte stands that is no UTF-8.
std::optional<size_t> FindWrongByte(absl::string_view text);

// `text` with control characters, and bytes that are no UTF-8, replaced by spaces, so that it
// cannot steer a terminal.
std::string OneLine(absl::string_view text);

// The nearest of `known` by edit distance, unless it is too far away to be meant.
std::optional<std::string> Nearest(absl::string_view word, const std::vector<std::string>& known);

// "; did you mean \"x\"?" with the nearest, or an empty text.
std::string DidYouMean(absl::string_view word, const std::vector<std::string>& known);

}  // namespace okr::cli
