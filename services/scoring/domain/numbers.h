// The numbers of scoring as types: finite, within +-1e15, without a negative zero. A progress, a
// score and a confidence cannot be taken for one another.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::scoring {

// The largest magnitude of any number that is taken in.
inline constexpr double kMaxMagnitude = 1e15;

// -0 becomes 0; every other number stays.
constexpr double WithoutNegativeZero(double value) { return value == 0.0 ? 0.0 : value; }

// The value (never -0), or INVALID_FIELDS naming `field` for NaN, an infinity or |value| > 1e15.
absl::StatusOr<double> CheckNumber(absl::string_view field, double value);

// The same for a number that must lie in [0, 1].
absl::StatusOr<double> CheckUnit(absl::string_view field, double value);

// The same for a number that must be above 0.
absl::StatusOr<double> CheckPositive(absl::string_view field, double value);

// A number in [0, 1]; Tag tells apart what it means.
template <typename Tag>
class UnitNumber {
 public:
  constexpr UnitNumber() = default;

  // INVALID_FIELDS naming `field` unless 0 <= value <= 1.
  static absl::StatusOr<UnitNumber> Make(absl::string_view field, double value) {
    auto checked = CheckUnit(field, value);
    if (!checked.ok()) return checked.status();
    return UnitNumber(*checked);
  }
  // The nearest number in [0, 1]; for computed values, which are never NaN.
  static constexpr UnitNumber Clamped(double value) {
    return UnitNumber(value > 0.0 ? (value < 1.0 ? value : 1.0) : 0.0);
  }

  constexpr double value() const { return value_; }
  constexpr auto operator<=>(const UnitNumber&) const = default;

 private:
  constexpr explicit UnitNumber(double value) : value_(value) {}
  double value_ = 0.0;
};

using Progress = UnitNumber<struct ProgressTag>;      // How far the value has moved, now.
using Score = UnitNumber<struct ScoreTag>;            // What was achieved.
using Confidence = UnitNumber<struct ConfidenceTag>;  // What the owner believes, looking forward.

// How much a part counts in a mean: above 0; 1 unless set.
class Weight {
 public:
  constexpr Weight() = default;
  // INVALID_FIELDS naming `field` unless 0 < value <= 1e15.
  static absl::StatusOr<Weight> Make(absl::string_view field, double value);
  constexpr double value() const { return value_; }
  constexpr auto operator<=>(const Weight&) const = default;

 private:
  constexpr explicit Weight(double value) : value_(value) {}
  double value_ = 1.0;
};

}  // namespace okr::scoring
