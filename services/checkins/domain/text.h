// What texts may hold that people write.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace okr::checkins {

struct TextRule {
  size_t max = 0;         // Characters, i.e. Unicode code points.
  bool required = false;  // At least one character that is no white space.
};

inline constexpr TextRule kNote{.max = 10'000};
inline constexpr TextRule kBlockerText{.max = 2'000, .required = true};
inline constexpr TextRule kReason{.max = 2'000, .required = true};

// Adds what is wrong with `text`, which is valid UTF-8 and may have several lines, if anything.
void CheckText(absl::string_view field, absl::string_view text, const TextRule& rule,
               Violations& violations);

}  // namespace okr::checkins
