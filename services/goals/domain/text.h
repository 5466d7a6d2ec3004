// What texts may hold that people write.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace okr::goals {

struct TextRule {
  size_t max = 0;         // Characters, i.e. Unicode code points.
  bool required = false;  // At least one character that is no white space.
  bool lines = false;  // Whether line breaks and tabs may be in it; never other control characters.
};

inline constexpr TextRule kTitle{.max = 200, .required = true};
inline constexpr TextRule kDisplayName{.max = 200, .required = true};
inline constexpr TextRule kDescription{.max = 10'000, .lines = true};
inline constexpr TextRule kWhy{.max = 2'000, .lines = true};
inline constexpr TextRule kReason{.max = 2'000, .required = true, .lines = true};
inline constexpr TextRule kUnit{.max = 32};
inline constexpr TextRule kSubject{.max = 255, .required = true};
inline constexpr TextRule kEmail{.max = 254};

// Code points of valid UTF-8.
size_t CountCharacters(absl::string_view text);

// Adds what is wrong with `text`, if anything.
void CheckText(absl::string_view field, absl::string_view text, const TextRule& rule,
               Violations& violations);

// `zone` must be an IANA time zone; an empty one is right.
void CheckTimeZone(absl::string_view field, absl::string_view zone, Violations& violations);

// `email` must look like one; an empty one is right.
void CheckEmail(absl::string_view field, absl::string_view email, Violations& violations);

}  // namespace okr::goals
