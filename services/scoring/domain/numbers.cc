#include "services/scoring/domain/numbers.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::scoring {
namespace {

absl::Status Refuse(absl::string_view field, absl::string_view description) {
  return InvalidFields({{std::string(field), std::string(description)}});
}

}  // namespace

absl::StatusOr<double> CheckNumber(absl::string_view field, double value) {
  if (!std::isfinite(value)) {
    return Refuse(field, absl::StrCat("is ", value, "; give a finite number"));
  }
  if (std::abs(value) > kMaxMagnitude) {
    return Refuse(field, absl::StrCat("is ", value, "; give a number from -1e15 to 1e15"));
  }
  return WithoutNegativeZero(value);
}

absl::StatusOr<double> CheckUnit(absl::string_view field, double value) {
  OKR_ASSIGN_OR_RETURN(const double number, CheckNumber(field, value));
  if (number >= 0.0 && number <= 1.0) return number;
  return Refuse(field, absl::StrCat("is ", value, "; give a number from 0 to 1"));
}

absl::StatusOr<double> CheckPositive(absl::string_view field, double value) {
  OKR_ASSIGN_OR_RETURN(const double number, CheckNumber(field, value));
  if (number > 0.0) return number;
  return Refuse(field, absl::StrCat("is ", value, "; give a number above 0"));
}

absl::StatusOr<Weight> Weight::Make(absl::string_view field, double value) {
  OKR_ASSIGN_OR_RETURN(const double number, CheckPositive(field, value));
  return Weight(number);
}

}  // namespace okr::scoring
