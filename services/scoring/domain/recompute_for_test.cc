#include "services/scoring/domain/recompute_for_test.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace okr::scoring::testing {
namespace {

const Input* Find(const Explanation& e, const std::string& name) {
  for (const Input& input : e.inputs) {
    if (input.name == name) return &input;
  }
  return nullptr;
}
bool Has(const Explanation& e, const std::string& name) { return Find(e, name) != nullptr; }
double Number(const Explanation& e, const std::string& name) {
  const Input* input = Find(e, name);
  EXPECT_NE(input, nullptr) << e.formula << " lacks the input " << name;
  return input == nullptr ? NAN : std::get<double>(input->value);
}
double Rounded(double x) { return std::round(x * 1e9) / 1e9; }

double Clamped(const Explanation& e, double x) {
  for (const Clamp& clamp : e.clamps) {
    if (clamp.lower && x < *clamp.lower) x = *clamp.lower;
    if (clamp.upper && x > *clamp.upper) x = *clamp.upper;
    if (x == 0) x = 0;
  }
  return x == 0 ? 0.0 : x;
}

std::optional<double> Mean(const Explanation& e, const std::string& without = "none") {
  double a = 0, w = 0;
  for (const Part& part : e.parts) {
    if (!part.included || part.commitment == without) continue;
    a = a + part.weight * part.value.value();
    w = w + part.weight;
  }
  if (w == 0) return std::nullopt;
  return a / w;
}

std::optional<double> Committed(const Explanation& e) {
  bool any = false;
  for (const Part& part : e.parts) {
    if (!part.included) continue;
    any = true;
    if (part.commitment == "COMMITTED" && part.value.value() < 1) return 0.0;
  }
  if (!any) return std::nullopt;
  return Mean(e, "COMMITTED").value_or(1.0);
}

double Metric(const Explanation& e, double target) {
  const double baseline = Number(e, "baseline");
  return Clamped(e, (Number(e, "value") - baseline) / (target - baseline));
}

double Maintain(const Explanation& e) {
  const double value = Number(e, "value");
  if (Has(e, "lower") && value < Number(e, "lower")) return 0;
  return Has(e, "upper") && value > Number(e, "upper") ? 0 : 1;
}

double Attainment(const Explanation& e) {
  const double expected = Number(e, "expected");
  if (Rounded(expected) >= Number(e, "early_below")) return Number(e, "progress") / expected;
  const bool wrong = Has(e, "raw_progress") && Number(e, "raw_progress") < 0;
  return Number(e, wrong ? "early_wrong_way" : "early_attainment");
}

std::string StatusName(const Explanation& e) {
  const bool maintain = std::get<std::string>(Find(e, "kind")->value) == "MAINTAIN";
  const bool done = Number(e, "done") == 1;
  if (done && !maintain) return "DONE";
  if (Number(e, "stale") == 1) return "STALE";
  if (Number(e, "measured") == 0) return "UNMEASURED";
  if (maintain) return done ? "ON_TRACK" : "OFF_TRACK";
  const double attainment = Rounded(Number(e, "attainment"));
  if (attainment >= Number(e, "on_track")) return "ON_TRACK";
  return attainment >= Number(e, "at_risk") ? "AT_RISK" : "OFF_TRACK";
}

Recomputed VerdictOfParts(const Explanation& e) {
  int count = 0;
  for (const Part& part : e.parts) count += part.included ? 1 : 0;
  if (count < Number(e, "min_objectives")) return {};
  const double mean = Mean(e).value();
  for (const Input& input : e.inputs) {
    const size_t colon = input.name.find(':');
    if (colon == std::string::npos) continue;
    const double end = std::get<double>(input.value);
    const bool with_end = input.name.substr(0, colon) == "up_to";
    if (Rounded(mean) < end || (with_end && Rounded(mean) == end)) {
      return {mean, input.name.substr(colon + 1)};
    }
  }
  return {mean, "no rule"};
}

}  // namespace

Recomputed Recompute(const Explanation& e) {
  const std::string& f = e.formula;
  if (f == "unmeasured_progress/1" || f == "no_target_progress/1") return {0.0, ""};
  if (f == "metric_progress/1") return {Metric(e, Number(e, "target")), ""};
  if (f == "metric_percent_progress/1") {
    const double baseline = Number(e, "baseline");
    return {Metric(e, baseline + baseline * Number(e, "target_change_percent") / 100), ""};
  }
  if (f == "maintain_progress/1") return {Maintain(e), ""};
  if (f == "aspirational_score/1") return {Number(e, "progress"), ""};
  if (f == "committed_score/1") return {Number(e, "done") == 1 ? 1.0 : 0.0, ""};
  if (f == "learning_score/1") return {};
  if (f == "graded_score/1") return {e.grade.value().value, ""};
  if (f == "committed_objective_score/1") return {Committed(e), ""};
  if (f == "milestones_progress/1" || f == "share_inside/1" || f == "objective_score/1" ||
      f == "objective_progress/1" || f == "aggregate_score/1") {
    return {Mean(e), ""};
  }
  if (f == "verdict/1") return VerdictOfParts(e);
  if (f == "expected/1") {
    return {Clamped(e, Number(e, "elapsed_microseconds") / Number(e, "total_microseconds")), ""};
  }
  if (f == "attainment/1") return {Attainment(e), ""};
  if (f == "status/1") return {std::nullopt, StatusName(e)};
  ADD_FAILURE() << "unknown formula " << f;
  return {};
}

void ExpectRecomputes(const Explanation& explanation) {
  const Recomputed again = Recompute(explanation);
  ASSERT_EQ(again.result.has_value(), explanation.result.has_value()) << explanation.formula;
  if (again.result) {
    EXPECT_EQ(std::bit_cast<uint64_t>(*again.result), std::bit_cast<uint64_t>(*explanation.result))
        << explanation.formula << ": " << *again.result << " against " << *explanation.result;
  }
  EXPECT_EQ(again.label, explanation.label) << explanation.formula;
  EXPECT_EQ(explanation.absent_because.empty(), again.result || !again.label.empty())
      << explanation.formula;
}

}  // namespace okr::scoring::testing
