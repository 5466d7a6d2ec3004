#include "services/scoring/domain/progress.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_join.h"
#include "services/scoring/domain/formulas.h"
#include "services/scoring/domain/mean.h"

namespace okr::scoring {
namespace {

Explanation Begin(const Policy& policy, const KeyResult& key_result, absl::string_view formula) {
  return Explanation{
      .formula = std::string(formula), .policy = policy.version, .subject = key_result.name};
}

Input Given(absl::string_view name, double value) { return {std::string(name), value}; }

Input Observed(absl::string_view name, double value, const Measurement& measurement) {
  return {std::string(name), value, measurement.effective_time, measurement.check_in};
}

// Clamps and writes down that it did.
double ClampInto(Explanation& explanation, absl::string_view name, double before, double lower,
                 double upper) {
  const double after = WithoutNegativeZero(std::clamp(before, lower, upper));
  explanation.clamps.push_back({std::string(name), before, lower, upper, after});
  return after;
}

bool Inside(const Maintain& maintain, double value) {
  return (!maintain.lower || value >= *maintain.lower) &&
         (!maintain.upper || value <= *maintain.upper);
}

// The measurements that count and say something about this kind of key result.
std::vector<Measurement> Relevant(const KeyResult& key_result,
                                  const std::vector<Measurement>& measurements, absl::Time due) {
  const bool milestones = std::holds_alternative<Milestones>(key_result.measure);
  std::vector<Measurement> counted = CountedMeasurements(measurements, due);
  std::erase_if(counted, [&](const Measurement& measurement) {
    return milestones ? !measurement.milestones_done : !measurement.value;
  });
  return counted;
}

// The target of a metric, absent where none can be made of what is known.
std::optional<double> TargetOf(const Metric& metric, double baseline) {
  std::optional<double> target = metric.target;
  if (metric.target_change_percent) {
    target = baseline + baseline * *metric.target_change_percent / 100.0;
  }
  if (!target || *target == baseline || std::abs(*target) > kMaxMagnitude) return std::nullopt;
  return WithoutNegativeZero(*target);
}

bool Reached(double baseline, double target, double value) {
  return target > baseline ? value >= target : value <= target;
}

void SetBaseline(const Metric& metric, const std::vector<Measurement>& counted,
                 KeyResultProgress& result) {
  Input input = metric.baseline ? Given("baseline", WithoutNegativeZero(*metric.baseline))
                                : Observed("baseline", *counted.front().value, counted.front());
  result.baseline = std::get<double>(input.value);
  result.explanation.inputs.push_back(std::move(input));
}

KeyResultProgress MetricProgress(const Policy& policy, const KeyResult& key_result,
                                 const Metric& metric, const std::vector<Measurement>& counted) {
  const double value = *counted.back().value;
  KeyResultProgress result;
  result.explanation = Begin(policy, key_result, formula::kMetricProgress);
  Explanation& explanation = result.explanation;
  explanation.inputs.push_back(Observed("value", value, counted.back()));
  SetBaseline(metric, counted, result);
  const double baseline = *result.baseline;
  result.target = TargetOf(metric, baseline);
  if (metric.target_change_percent) {
    explanation.formula = formula::kMetricPercentProgress;
    explanation.inputs.push_back(Given("target_change_percent", *metric.target_change_percent));
  } else if (metric.target) {
    explanation.inputs.push_back(Given("target", WithoutNegativeZero(*metric.target)));
  }
  if (!result.target) {
    explanation.formula = formula::kNoTargetProgress;
    explanation.result = 0.0;
    return result;
  }
  const double quotient = (value - baseline) / (*result.target - baseline);
  result.raw = ClampInto(explanation, "raw_progress", quotient, -kMaxMagnitude, kMaxMagnitude);
  result.progress = Progress::Clamped(ClampInto(explanation, "progress", *result.raw, 0.0, 1.0));
  result.done = Reached(baseline, *result.target, value);
  explanation.result = result.progress.value();
  return result;
}

KeyResultProgress MaintainProgress(const Policy& policy, const KeyResult& key_result,
                                   const Maintain& maintain,
                                   const std::vector<Measurement>& counted) {
  const double value = *counted.back().value;
  KeyResultProgress result;
  result.explanation = Begin(policy, key_result, formula::kMaintainProgress);
  result.explanation.inputs.push_back(Observed("value", value, counted.back()));
  if (maintain.lower) result.explanation.inputs.push_back(Given("lower", *maintain.lower));
  if (maintain.upper) result.explanation.inputs.push_back(Given("upper", *maintain.upper));
  result.done = Inside(maintain, value);
  result.raw = result.done ? 1.0 : 0.0;
  result.progress = Progress::Clamped(*result.raw);
  result.explanation.result = result.raw;
  return result;
}

KeyResultProgress MilestonesProgress(const Policy& policy, const KeyResult& key_result,
                                     const Milestones& measure,
                                     const std::vector<Measurement>& counted) {
  const std::vector<std::string>& done = *counted.back().milestones_done;
  KeyResultProgress result;
  result.explanation = Begin(policy, key_result, formula::kMilestonesProgress);
  result.explanation.inputs.push_back({"milestones_done", absl::StrJoin(done, ","),
                                       counted.back().effective_time, counted.back().check_in});
  result.done = true;
  for (const Milestone& milestone : measure.milestones) {
    const bool reached = std::find(done.begin(), done.end(), milestone.id) != done.end();
    result.done = result.done && reached;
    result.explanation.parts.push_back(
        {.name = milestone.id, .weight = milestone.weight, .value = reached ? 1.0 : 0.0});
  }
  SortByName(result.explanation.parts);
  result.raw = WeightedMean(result.explanation.parts);
  result.progress = Progress::Clamped(result.raw.value_or(0.0));
  result.explanation.result = result.progress.value();
  return result;
}

KeyResultProgress MeasuredProgress(const Policy& policy, const KeyResult& key_result,
                                   const std::vector<Measurement>& counted) {
  if (const auto* metric = std::get_if<Metric>(&key_result.measure)) {
    return MetricProgress(policy, key_result, *metric, counted);
  }
  if (const auto* maintain = std::get_if<Maintain>(&key_result.measure)) {
    return MaintainProgress(policy, key_result, *maintain, counted);
  }
  return MilestonesProgress(policy, key_result, std::get<Milestones>(key_result.measure), counted);
}

KeyResultProgress Unmeasured(const Policy& policy, const KeyResult& key_result) {
  KeyResultProgress result;
  result.explanation = Begin(policy, key_result, formula::kUnmeasuredProgress);
  result.explanation.result = 0.0;
  if (const auto* metric = std::get_if<Metric>(&key_result.measure)) {
    result.baseline = metric->baseline;
    result.target = metric->baseline ? TargetOf(*metric, *metric->baseline) : metric->target;
  }
  return result;
}

}  // namespace

KeyResultProgress ComputeProgress(const Policy& policy, const KeyResult& key_result,
                                  const std::vector<Measurement>& measurements,
                                  const Window& window) {
  std::vector<Measurement> counted = Relevant(key_result, measurements, window.due);
  if (counted.empty()) return Unmeasured(policy, key_result);
  for (Measurement& measurement : counted) {
    if (measurement.value) measurement.value = WithoutNegativeZero(*measurement.value);
  }
  KeyResultProgress result = MeasuredProgress(policy, key_result, counted);
  result.measured = true;
  result.counted = std::move(counted.back());
  return result;
}

ShareInside ComputeShareInside(const Policy& policy, const KeyResult& key_result,
                               const std::vector<Measurement>& measurements, const Window& window,
                               absl::Time now) {
  ShareInside result{.explanation = Begin(policy, key_result, formula::kShareInside)};
  const auto* maintain = std::get_if<Maintain>(&key_result.measure);
  const std::vector<Measurement> counted =
      maintain ? Relevant(key_result, measurements, window.due) : std::vector<Measurement>();
  const absl::Time until = std::min(now, window.due);
  for (size_t i = 0; i < counted.size(); ++i) {
    const absl::Time from = std::max(counted[i].effective_time, window.start);
    const absl::Time to =
        i + 1 < counted.size() ? std::min(counted[i + 1].effective_time, until) : until;
    const int64_t stood = absl::ToInt64Microseconds(to - from);
    if (stood <= 0) continue;
    result.explanation.parts.push_back({.name = counted[i].check_in,
                                        .weight = static_cast<double>(stood),
                                        .value = Inside(*maintain, *counted[i].value) ? 1.0 : 0.0});
  }
  result.share = WeightedMean(result.explanation.parts);
  result.explanation.result = result.share;
  if (!result.share) result.explanation.absent_because = "NOT_MEASURED";
  return result;
}

}  // namespace okr::scoring
