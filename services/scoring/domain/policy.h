// A scoring policy: the thresholds as data, under a version. A used version never changes; every
// number names the one that made it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace okr::scoring {

enum class Band { kLimited, kPartial, kDelivered };
enum class Verdict { kOverreached, kShort, kSweetSpot, kStrong, kTooSafe };
// Worst first: the smaller value wins where one status stands for several.
enum class Status { kOffTrack, kAtRisk, kStale, kUnmeasured, kOnTrack, kDone };

// A score belongs to the last band whose lower end it reaches.
struct BandRule {
  Band band;
  double lower;
  bool operator==(const BandRule&) const = default;
};

// A mean belongs to the first rule whose upper end it does not pass.
struct VerdictRule {
  Verdict verdict;
  double upper;
  bool upper_included;
  bool operator==(const VerdictRule&) const = default;
};

// Attainment from which a key result is ON_TRACK, and from which it is AT_RISK.
struct StatusThresholds {
  double on_track;
  double at_risk;
  bool operator==(const StatusThresholds&) const = default;
};

// While less than `expected_below` of the time is over, attainment is not a quotient but one of two
// fixed values.
struct EarlyAttainment {
  double expected_below;
  double attainment;
  double attainment_wrong_way;  // When raw progress is negative.
  bool operator==(const EarlyAttainment&) const = default;
};

struct Policy {
  std::string version;                // e.g. "okr-v1".
  std::vector<BandRule> bands;        // Ascending; the first begins at 0.
  std::vector<VerdictRule> verdicts;  // Ascending; the last ends at 1, included.
  int verdict_min_objectives = 3;
  StatusThresholds status{0.7, 0.4};
  StatusThresholds committed_status{0.9, 0.7};
  EarlyAttainment early{0.05, 1.0, 0.5};
  int min_group_size = 5;  // Aggregates over fewer people are withheld; never below 5.
  bool operator==(const Policy&) const = default;
};

// Policy "okr-v1". Lives as long as the program.
const Policy& DefaultPolicy();

// INVALID_FIELDS naming every field of `policy` that no organization may have so.
absl::Status ValidatePolicy(const Policy& policy);

// All three compare the value rounded to 9 decimals. `policy` must be valid.
Band BandOf(const Policy& policy, double score);
Verdict VerdictOf(const Policy& policy, double mean);
// Of ON_TRACK, AT_RISK and OFF_TRACK.
Status StatusOfAttainment(const StatusThresholds& thresholds, double attainment);

// "LIMITED", "SWEET_SPOT", "ON_TRACK", ... The names of the API and of explanations.
std::string Name(Band band);
std::string Name(Verdict verdict);
std::string Name(Status status);

}  // namespace okr::scoring
