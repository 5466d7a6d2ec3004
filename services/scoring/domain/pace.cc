#include "services/scoring/domain/pace.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/status/error.h"
#include "services/scoring/domain/formulas.h"
#include "services/scoring/domain/rounding.h"

namespace okr::scoring {
namespace {

Explanation Begin(const Policy& policy, const KeyResult& key_result, const char* formula) {
  return {.formula = formula, .policy = policy.version, .subject = key_result.name};
}

double Microseconds(absl::Duration duration) {
  return static_cast<double>(absl::ToInt64Microseconds(duration));
}

double Flag(bool set) { return set ? 1.0 : 0.0; }

double Expected(const Window& window, absl::Time now, Explanation& explanation) {
  const double elapsed = Microseconds(now - window.start);
  const double total = Microseconds(window.due - window.start);
  const double quotient = elapsed / total;
  const double expected = WithoutNegativeZero(std::clamp(quotient, 0.0, 1.0));
  explanation.inputs = {{"elapsed_microseconds", elapsed, now}, {"total_microseconds", total}};
  explanation.clamps = {{"expected", quotient, 0.0, 1.0, expected}};
  explanation.result = expected;
  return expected;
}

double AttainmentOf(const Policy& policy, const KeyResultProgress& progress, double expected) {
  if (RoundForThreshold(expected) >= policy.early.expected_below) {
    return progress.progress.value() / expected;
  }
  return progress.raw && *progress.raw < 0.0 ? policy.early.attainment_wrong_way
                                             : policy.early.attainment;
}

double Attainment(const Policy& policy, const KeyResultProgress& progress, double expected,
                  Explanation& explanation) {
  explanation.inputs = {{"progress", progress.progress.value()},
                        {"expected", expected},
                        {"early_below", policy.early.expected_below},
                        {"early_attainment", policy.early.attainment},
                        {"early_wrong_way", policy.early.attainment_wrong_way}};
  if (progress.raw) explanation.inputs.push_back({"raw_progress", *progress.raw});
  explanation.result = AttainmentOf(policy, progress, expected);
  return *explanation.result;
}

Status StatusOf(const KeyResult& key_result, const KeyResultProgress& progress, bool stale,
                const StatusThresholds& thresholds, double attainment) {
  const bool maintain = std::holds_alternative<Maintain>(key_result.measure);
  if (progress.done && !maintain) return Status::kDone;
  if (stale) return Status::kStale;
  if (!progress.measured) return Status::kUnmeasured;
  if (maintain) return progress.done ? Status::kOnTrack : Status::kOffTrack;
  return StatusOfAttainment(thresholds, attainment);
}

}  // namespace

absl::Status ValidateStatedStatus(const StatedStatus& stated) {
  if (!absl::StripAsciiWhitespace(stated.reason).empty()) return absl::OkStatus();
  return InvalidFields(
      {{"stated_status.reason", "is missing; say why the status is another than computed"}});
}

Pace ComputePace(const Policy& policy, const KeyResult& key_result, Commitment commitment,
                 const KeyResultProgress& progress, const Window& window, absl::Time now,
                 const std::optional<CheckInDue>& next_check_in,
                 const std::optional<StatedStatus>& stated) {
  Pace pace{.stated = stated,
            .expected_explanation = Begin(policy, key_result, formula::kExpected),
            .attainment_explanation = Begin(policy, key_result, formula::kAttainment),
            .status_explanation = Begin(policy, key_result, formula::kStatus)};
  pace.expected = Expected(window, now, pace.expected_explanation);
  pace.attainment = Attainment(policy, progress, pace.expected, pace.attainment_explanation);
  const bool stale = next_check_in && now > next_check_in->due + next_check_in->grace;
  const StatusThresholds& thresholds =
      commitment == Commitment::kCommitted ? policy.committed_status : policy.status;
  pace.status = StatusOf(key_result, progress, stale, thresholds, pace.attainment);
  pace.status_explanation.inputs = {{"kind", KindName(key_result.measure)},
                                    {"done", Flag(progress.done)},
                                    {"stale", Flag(stale)},
                                    {"measured", Flag(progress.measured)},
                                    {"attainment", pace.attainment},
                                    {"on_track", thresholds.on_track},
                                    {"at_risk", thresholds.at_risk}};
  pace.status_explanation.label = Name(pace.status);
  return pace;
}

}  // namespace okr::scoring
