#include "services/goals/domain/number.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace okr::goals {

std::optional<double> Normalized(std::optional<double> number) {
  if (number && *number == 0) return 0.0;
  return number;
}

bool CheckNumber(absl::string_view field, std::optional<double> number, Violations& violations) {
  if (!number || (std::isfinite(*number) && std::abs(*number) <= kMaxNumber)) return true;
  violations.Add(field,
                 absl::StrCat("is ", *number, "; expected a finite number from -1e15 to 1e15"));
  return false;
}

void CheckWeight(absl::string_view field, std::optional<double> weight, Violations& violations) {
  if (!weight || (std::isfinite(*weight) && *weight > 0 && *weight <= kMaxWeight)) return;
  violations.Add(field, absl::StrCat("is ", *weight, "; expected a number above 0, at most 1e6"));
}

}  // namespace okr::goals
