#include "services/scoring/domain/policy.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "services/scoring/domain/numbers.h"
#include "services/scoring/domain/rounding.h"

namespace okr::scoring {
namespace {

constexpr int kSmallestGroup = 5;

void CheckThreshold(const std::string& field, double value, Violations& violations) {
  const auto checked = CheckUnit(field, value);
  if (!checked.ok()) return violations.AddFrom("", checked.status());
  if (RoundForThreshold(value) != value) {
    violations.Add(field, absl::StrCat("is ", value, "; thresholds have at most 9 decimals"));
  }
}

void CheckBands(const Policy& policy, Violations& violations) {
  if (policy.bands.empty() || policy.bands.front().lower != 0.0) {
    violations.Add("bands", "the first band must begin at 0");
  }
  for (size_t i = 0; i < policy.bands.size(); ++i) {
    const std::string field = absl::StrCat("bands[", i, "].lower");
    CheckThreshold(field, policy.bands[i].lower, violations);
    if (i > 0 && !(policy.bands[i].lower > policy.bands[i - 1].lower)) {
      violations.Add(field, "must be above the lower end of the band before it");
    }
  }
}

void CheckVerdicts(const Policy& policy, Violations& violations) {
  if (policy.verdicts.empty() || policy.verdicts.back().upper != 1.0 ||
      !policy.verdicts.back().upper_included) {
    violations.Add("verdicts", "the last verdict must end at 1, included");
  }
  for (size_t i = 0; i < policy.verdicts.size(); ++i) {
    const std::string field = absl::StrCat("verdicts[", i, "].upper");
    CheckThreshold(field, policy.verdicts[i].upper, violations);
    if (i > 0 && !(policy.verdicts[i].upper > policy.verdicts[i - 1].upper)) {
      violations.Add(field, "must be above the upper end of the verdict before it");
    }
  }
  if (policy.verdict_min_objectives < 1) {
    violations.Add("verdict_min_objectives", "must be at least 1");
  }
}

void CheckStatus(const std::string& field, const StatusThresholds& thresholds,
                 Violations& violations) {
  CheckThreshold(field + ".on_track", thresholds.on_track, violations);
  CheckThreshold(field + ".at_risk", thresholds.at_risk, violations);
  if (!(thresholds.at_risk < thresholds.on_track)) {
    violations.Add(field + ".at_risk", "must be below on_track");
  }
}

}  // namespace

const Policy& DefaultPolicy() {
  static const Policy* const kPolicy =
      new Policy{.version = "okr-v1",
                 .bands = {{Band::kLimited, 0.0}, {Band::kPartial, 0.4}, {Band::kDelivered, 0.7}},
                 .verdicts = {{Verdict::kOverreached, 0.3, false},
                              {Verdict::kShort, 0.6, false},
                              {Verdict::kSweetSpot, 0.7, true},
                              {Verdict::kStrong, 0.9, true},
                              {Verdict::kTooSafe, 1.0, true}}};
  return *kPolicy;
}

absl::Status ValidatePolicy(const Policy& policy) {
  Violations violations;
  if (policy.version.empty()) violations.Add("version", "must not be empty");
  CheckBands(policy, violations);
  CheckVerdicts(policy, violations);
  CheckStatus("status", policy.status, violations);
  CheckStatus("committed_status", policy.committed_status, violations);
  CheckThreshold("early.expected_below", policy.early.expected_below, violations);
  // Below it attainment is fixed, above it a quotient: 0 would divide by nothing.
  if (policy.early.expected_below == 0.0) {
    violations.Add("early.expected_below", "must be above 0");
  }
  CheckThreshold("early.attainment", policy.early.attainment, violations);
  CheckThreshold("early.attainment_wrong_way", policy.early.attainment_wrong_way, violations);
  if (policy.min_group_size < kSmallestGroup) {
    violations.Add("min_group_size", absl::StrCat("is ", policy.min_group_size,
                                                  "; smaller groups than 5 are never shown"));
  }
  return violations.ToStatus();
}

Band BandOf(const Policy& policy, double score) {
  const double rounded = RoundForThreshold(score);
  Band band = policy.bands.front().band;
  for (const BandRule& rule : policy.bands) {
    if (rounded >= rule.lower) band = rule.band;
  }
  return band;
}

Verdict VerdictOf(const Policy& policy, double mean) {
  const double rounded = RoundForThreshold(mean);
  for (const VerdictRule& rule : policy.verdicts) {
    if (rounded < rule.upper || (rule.upper_included && rounded == rule.upper)) return rule.verdict;
  }
  return policy.verdicts.back().verdict;
}

Status StatusOfAttainment(const StatusThresholds& thresholds, double attainment) {
  const double rounded = RoundForThreshold(attainment);
  if (rounded >= thresholds.on_track) return Status::kOnTrack;
  return rounded >= thresholds.at_risk ? Status::kAtRisk : Status::kOffTrack;
}

std::string Name(Band band) {
  switch (band) {
    case Band::kLimited:
      return "LIMITED";
    case Band::kPartial:
      return "PARTIAL";
    case Band::kDelivered:
      return "DELIVERED";
  }
  return "";
}

std::string Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverreached:
      return "OVERREACHED";
    case Verdict::kShort:
      return "SHORT";
    case Verdict::kSweetSpot:
      return "SWEET_SPOT";
    case Verdict::kStrong:
      return "STRONG";
    case Verdict::kTooSafe:
      return "TOO_SAFE";
  }
  return "";
}

std::string Name(Status status) {
  switch (status) {
    case Status::kOffTrack:
      return "OFF_TRACK";
    case Status::kAtRisk:
      return "AT_RISK";
    case Status::kStale:
      return "STALE";
    case Status::kUnmeasured:
      return "UNMEASURED";
    case Status::kOnTrack:
      return "ON_TRACK";
    case Status::kDone:
      return "DONE";
  }
  return "";
}

}  // namespace okr::scoring
