// Whole numbers in texts that have one form alone.
#pragma once

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace okr {

// Reads `text` if it is digits and nothing else, and fits `Number`; otherwise false, and what
// `*number` then is does not count. (absl::SimpleAtoi also takes spaces and signs, so two texts
// would be the same number.)
template <typename Number>
bool ParseDigits(absl::string_view text, Number* number) {
  return text.find_first_not_of("0123456789") == absl::string_view::npos &&
         absl::SimpleAtoi(text, number);
}

}  // namespace okr
