#include "services/scoring/domain/evaluation.h"

#include <gtest/gtest.h>

#include <set>

#include "services/scoring/domain/formulas.h"
#include "services/scoring/domain/recompute_for_test.h"

namespace okr::scoring {
namespace {

using testing::ExpectRecomputes;

const Window kWindow{absl::FromUnixSeconds(0), absl::FromUnixSeconds(1000)};
const absl::Time kNow = absl::FromUnixSeconds(500);

KeyResultFacts Facts(const std::string& name, const Measure& measure,
                     std::optional<double> value = std::nullopt) {
  KeyResultFacts facts{.key_result = {.name = name, .measure = measure}, .window = kWindow};
  if (value) {
    facts.measurements.push_back({.check_in = name + "/checkIns/c1",
                                  .effective_time = absl::FromUnixSeconds(100),
                                  .create_time = absl::FromUnixSeconds(100),
                                  .value = value});
  }
  return facts;
}

EvaluatedObjective Evaluate(const std::vector<KeyResultFacts>& all,
                            Commitment commitment = Commitment::kAspirational) {
  std::vector<EvaluatedKeyResult> key_results;
  for (const KeyResultFacts& facts : all) {
    key_results.push_back(
        EvaluateKeyResult(DefaultPolicy(), facts, commitment, ScoreState::kProvisional, kNow));
  }
  EvaluatedObjective objective =
      EvaluateObjective(DefaultPolicy(), "o1", commitment, key_results, RollUp::kOwnKeyResults, {},
                        ScoreState::kProvisional);
  ExpectRecomputes(objective.score.explanation);
  ExpectRecomputes(objective.progress.explanation);
  return objective;
}

TEST(EvaluateKeyResult, TakesTheCommitmentOfItsObjective) {
  const EvaluatedKeyResult key_result =
      EvaluateKeyResult(DefaultPolicy(), Facts("k1", Metric{0, 10}, 9), Commitment::kCommitted,
                        ScoreState::kFinal, kNow);
  EXPECT_EQ(key_result.score.score->value(), 0.0);
  EXPECT_EQ(key_result.score.state, ScoreState::kFinal);
  EXPECT_EQ(key_result.progress.progress.value(), 0.9);
}

TEST(EvaluateKeyResult, ReportsTheShareInsideOfMaintainOnly) {
  const auto evaluate = [](const Measure& measure) {
    return EvaluateKeyResult(DefaultPolicy(), Facts("k1", measure, 3), Commitment::kAspirational,
                             ScoreState::kProvisional, kNow);
  };
  EXPECT_EQ(evaluate(Maintain{.upper = 5}).share_inside->share, 1.0);
  EXPECT_FALSE(evaluate(Metric{0, 10}).share_inside);
}

TEST(EvaluateObjective, TakesItsStatusFromTheKeyResultsThatCount) {
  KeyResultFacts retired = Facts("k2", Metric{0, 10}, 0);
  retired.key_result.lifecycle = Lifecycle::kRetired;
  KeyResultFacts gone = Facts("k3", Metric{0, 10}, 0);
  gone.grade = Grade{.not_applicable = true, .reason = "gone"};
  const EvaluatedObjective objective = Evaluate({Facts("k1", Metric{0, 10}, 6), retired, gone});
  EXPECT_EQ(objective.status.status, Status::kOnTrack);
  EXPECT_EQ(objective.status.counts.size(), 1u);
  EXPECT_EQ(objective.progress.progress->value(), 0.6);
}

TEST(EvaluateObjective, ShowsTheStatusOfAnUngradedLearning) {
  EXPECT_EQ(Evaluate({Facts("k1", Metric{0, 10}, 0)}, Commitment::kLearning).status.status,
            Status::kOffTrack);
}

TEST(EvaluateObjective, IsUnmeasuredBeforeTheFirstCheckIn) {
  const EvaluatedObjective objective =
      Evaluate({Facts("k1", Metric{0, 10}), Facts("k2", Maintain{.lower = 1}, 2)});
  EXPECT_EQ(objective.status.status, Status::kUnmeasured);
  EXPECT_EQ(objective.progress.progress->value(), 0.5);
}

TEST(Formulas, HaveOneDefinitionEach) {
  std::set<std::string> ids;
  for (const Formula& formula : kFormulas) {
    EXPECT_TRUE(ids.insert(std::string(formula.id)).second) << formula.id;
    EXPECT_FALSE(formula.definition.empty()) << formula.id;
  }
  EXPECT_EQ(ids.count(formula::kStatus), 1u);
}

}  // namespace
}  // namespace okr::scoring
