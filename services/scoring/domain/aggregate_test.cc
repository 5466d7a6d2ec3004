#include "services/scoring/domain/aggregate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/scoring/domain/recompute_for_test.h"

namespace okr::scoring {
namespace {

using ::testing::ElementsAre;
using testing::ExpectRecomputes;

ScoredObjective Objective(const std::string& name, double score,
                          Commitment commitment = Commitment::kAspirational,
                          ScoreState state = ScoreState::kFinal) {
  return {.name = name,
          .commitment = commitment,
          .score = Score::Make("score", score).value(),
          .state = state};
}

Aggregate Of(const std::vector<ScoredObjective>& objectives) {
  Aggregate aggregate = ComputeAggregate(DefaultPolicy(), "t1", objectives);
  ExpectRecomputes(aggregate.mean_explanation);
  ExpectRecomputes(aggregate.verdict_explanation);
  return aggregate;
}

TEST(Aggregate, IsThePlainMeanOfTheScoredObjectives) {
  ScoredObjective unscored{.name = "c"};
  const Aggregate aggregate = Of({Objective("a", 0.5), Objective("b", 1), unscored});
  EXPECT_EQ(aggregate.mean, 0.75);
  EXPECT_EQ(aggregate.scored, 2);
  EXPECT_EQ(aggregate.unscored, 1);
}

TEST(Aggregate, IsAbsentWithoutScores) {
  const Aggregate aggregate = Of({});
  EXPECT_FALSE(aggregate.mean || aggregate.verdict);
  EXPECT_EQ(aggregate.state, ScoreState::kProvisional);
}

TEST(Aggregate, LeavesRetiredOnesOutAndCountsThem) {
  ScoredObjective retired = Objective("a", 0);
  retired.lifecycle = Lifecycle::kRetired;
  retired.commitment = Commitment::kCommitted;
  ScoredObjective draft = Objective("b", 0);
  draft.lifecycle = Lifecycle::kDraft;
  const Aggregate aggregate = Of({retired, draft, Objective("c", 0.5)});
  EXPECT_EQ(aggregate.mean, 0.5);
  EXPECT_EQ(aggregate.retired, 1);
  EXPECT_EQ(aggregate.scored, 1);
  EXPECT_TRUE(aggregate.missed_promises.empty());
}

TEST(Aggregate, CountsBandsOfAllAndOfFinalScores) {
  const Aggregate aggregate =
      Of({Objective("a", 0.1), Objective("b", 0.7), Objective("c", 0.9),
          Objective("d", 0.9, Commitment::kAspirational, ScoreState::kProvisional)});
  EXPECT_EQ(aggregate.bands,
            (std::map<Band, int>{{Band::kLimited, 1}, {Band::kPartial, 0}, {Band::kDelivered, 3}}));
  EXPECT_EQ(aggregate.final_bands.at(Band::kDelivered), 2);
  EXPECT_EQ(aggregate.state, ScoreState::kProvisional);
}

TEST(Verdict, TakesFinalScoresOfAspirationsOnly) {
  std::vector<ScoredObjective> objectives = {
      Objective("a", 0.65), Objective("b", 0.65), Objective("c", 0, Commitment::kCommitted),
      Objective("d", 1, Commitment::kLearning),
      Objective("e", 1, Commitment::kAspirational, ScoreState::kProvisional)};
  EXPECT_FALSE(Of(objectives).verdict);
  EXPECT_EQ(Of(objectives).verdict_explanation.absent_because, "TOO_FEW_OBJECTIVES");
  objectives.push_back(Objective("f", 0.65));
  EXPECT_EQ(Of(objectives).verdict, Verdict::kSweetSpot);
}

TEST(MissedPromises, AreFinalCommittedOnesBelowOne) {
  const Commitment promise = Commitment::kCommitted;
  EXPECT_THAT(
      Of({Objective("z", 0, promise), Objective("a", 0.6, promise), Objective("kept", 1, promise),
          Objective("dream", 0.1), Objective("running", 0, promise, ScoreState::kProvisional)})
          .missed_promises,
      ElementsAre("a", "z"));
}

TEST(HideParts, KeepsTheNumberRecomputable) {
  const Aggregate aggregate = Of({Objective("a", 0.3), Objective("b", 0.8)});
  const Explanation hidden =
      HideParts(aggregate.mean_explanation, [](absl::string_view name) { return name != "b"; });
  ExpectRecomputes(hidden);
  EXPECT_EQ(hidden.parts[0].name, "a");
  EXPECT_EQ(hidden.parts[1].name, "");
}

}  // namespace
}  // namespace okr::scoring
