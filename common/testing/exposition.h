// Reads Prometheus' text format, as tests need it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"

namespace okr::testing {

// The value of a series, written as it stands in `text`, e.g. `okr_ready{check="database"}`.
std::optional<double> ValueOf(absl::string_view text, absl::string_view series);

// The sum of all series of a name whose labels hold `part`.
double SumOf(absl::string_view text, absl::string_view name, absl::string_view part = "");

struct ExposedMetric {
  std::string type;
  std::set<std::string> labels;  // Of all its series, without "le".
  bool operator==(const ExposedMetric&) const = default;
};
// By name, those that have a series.
std::map<std::string, ExposedMetric> MetricsIn(absl::string_view text);

}  // namespace okr::testing
