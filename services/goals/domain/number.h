// What numbers may be that people write.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace okr::goals {

inline constexpr double kMaxNumber = 1e15;
inline constexpr double kMaxWeight = 1e6;

// -0 becomes 0.
std::optional<double> Normalized(std::optional<double> number);

// Adds what is wrong with `number`, if anything: it must be finite and |x| <= 1e15. Whether it is
// right; an absent one is.
bool CheckNumber(absl::string_view field, std::optional<double> number, Violations& violations);

// A weight must be above 0 and at most 1e6; an absent one is right.
void CheckWeight(absl::string_view field, std::optional<double> weight, Violations& violations);

}  // namespace okr::goals
