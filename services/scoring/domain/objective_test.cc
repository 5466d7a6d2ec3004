#include "services/scoring/domain/objective.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "services/scoring/domain/recompute_for_test.h"
#include "services/scoring/domain/roll_up.h"

namespace okr::scoring {
namespace {

using testing::ExpectRecomputes;

Weight W(double value) { return Weight::Make("weight", value).value(); }
Progress P(double value) { return Progress::Make("progress", value).value(); }

struct Given {
  std::string name;
  double progress = 0;
  Commitment commitment = Commitment::kAspirational;
  double weight = 1;
  std::optional<Grade> grade;
  Lifecycle lifecycle = Lifecycle::kActive;
};

KeyResultPart Part(const Given& given) {
  KeyResultProgress progress;
  progress.progress = P(given.progress);
  progress.done = given.progress == 1.0;
  return {given.name, W(given.weight), progress.progress,
          ComputeScore(DefaultPolicy(), {.name = given.name, .lifecycle = given.lifecycle},
                       given.commitment, progress, given.grade, ScoreState::kProvisional)};
}

std::vector<KeyResultPart> Parts(const std::vector<Given>& given) {
  std::vector<KeyResultPart> parts;
  for (const Given& one : given) parts.push_back(Part(one));
  return parts;
}

ObjectiveScore Scored(Commitment commitment, const std::vector<Given>& given) {
  ObjectiveScore score = ComputeObjectiveScore(DefaultPolicy(), "o1", commitment, Parts(given),
                                               ScoreState::kProvisional);
  ExpectRecomputes(score.explanation);
  return score;
}

const Grade kNotApplicable{.not_applicable = true, .reason = "gone"};
Grade Graded(double value) {
  return {.value = Score::Make("grade", value).value(), .reason = "r", .lesson = "l"};
}

TEST(ObjectiveScore, OfAPromiseWithoutOtherKeyResultsIsOne) {
  EXPECT_EQ(Scored(Commitment::kCommitted, {{"a", 1, Commitment::kCommitted}}).score->value(), 1.0);
}

TEST(ObjectiveScore, OfAPromiseIsOneWhenAllOthersLeft) {
  const ObjectiveScore score = Scored(
      Commitment::kCommitted,
      {{"a", 1, Commitment::kCommitted}, {"b", 0.2, Commitment::kAspirational, 1, kNotApplicable}});
  EXPECT_EQ(score.score->value(), 1.0);
}

TEST(ObjectiveScore, OfAPromiseIsAbsentWhenAllLeft) {
  EXPECT_FALSE(
      Scored(Commitment::kCommitted, {{"a", 1, Commitment::kCommitted, 1, kNotApplicable}}).score);
}

TEST(ObjectiveScore, OfAPromiseFollowsTheGrades) {
  EXPECT_EQ(
      Scored(Commitment::kCommitted, {{"a", 0.9, Commitment::kCommitted, 1, Graded(1)}, {"b", 0.4}})
          .score->value(),
      0.4);
  EXPECT_EQ(
      Scored(Commitment::kCommitted, {{"a", 1, Commitment::kCommitted, 1, Graded(0)}, {"b", 0.4}})
          .score->value(),
      0.0);
}

TEST(ObjectiveScore, OfAPromiseIgnoresARetiredMiss) {
  EXPECT_EQ(
      Scored(Commitment::kCommitted,
             {{"a", 0, Commitment::kCommitted, 1, std::nullopt, Lifecycle::kRetired}, {"b", 0.4}})
          .score->value(),
      0.4);
}

TEST(ObjectiveScore, OfAnAspirationAveragesPromisesToo) {
  EXPECT_EQ(Scored(Commitment::kAspirational, {{"a", 0.9, Commitment::kCommitted}, {"b", 1}})
                .score->value(),
            0.5);
}

TEST(ObjectiveScore, IsIncompleteUntilTheLearningIsGraded) {
  EXPECT_TRUE(Scored(Commitment::kLearning, {{"a", 0.9, Commitment::kLearning}}).incomplete);
  EXPECT_FALSE(Scored(Commitment::kLearning, {{"a", 0.9, Commitment::kLearning, 1, Graded(0.2)}})
                   .incomplete);
  EXPECT_FALSE(Scored(Commitment::kLearning,
                      {{"a", 0.9, Commitment::kLearning, 1, std::nullopt, Lifecycle::kRetired}})
                   .incomplete);
}

TEST(ObjectiveScore, IsAbsentWithoutKeyResultsAndNotZero) {
  const ObjectiveScore score = Scored(Commitment::kCommitted, {});
  EXPECT_FALSE(score.score || score.band);
  EXPECT_EQ(score.explanation.absent_because, "NOTHING_TO_AVERAGE");
}

TEST(ObjectiveScore, SaysWhyAPartIsLeftOut) {
  const ObjectiveScore score =
      Scored(Commitment::kAspirational,
             {{"b", 0.4}, {"a", 1, Commitment::kAspirational, 8, kNotApplicable}});
  EXPECT_EQ(score.explanation.parts[0].name, "a");
  EXPECT_EQ(score.explanation.parts[0].left_out_because, "NOT_APPLICABLE");
  EXPECT_EQ(score.explanation.parts[0].weight, 8);
}

TEST(ObjectiveScore, HasTheSameBitsInWhateverOrderItsPartsCome) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<Given> given;
  for (int i = 0; i < 20; ++i) {
    given.push_back(
        {"k" + std::to_string(i), unit(random), Commitment::kAspirational, 0.1 + unit(random)});
  }
  const double expected = Scored(Commitment::kAspirational, given).score->value();
  for (int i = 0; i < 50; ++i) {
    std::shuffle(given.begin(), given.end(), random);
    EXPECT_EQ(Scored(Commitment::kAspirational, given).score->value(), expected);
  }
}

TEST(ObjectiveScore, OfEqualScoresKeepsTheirBandWhateverTheWeights) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> weight(0.001, 1000);
  for (int i = 0; i < 200; ++i) {
    std::vector<Given> given;
    for (int k = 0; k < 1 + i % 9; ++k) {
      given.push_back({"k" + std::to_string(k), 0.7, Commitment::kAspirational, weight(random)});
    }
    EXPECT_EQ(Scored(Commitment::kAspirational, given).band, Band::kDelivered);
  }
}

TEST(ObjectiveScore, StaysInRangeWithTheLargestAndSmallestWeights) {
  const ObjectiveScore score =
      Scored(Commitment::kAspirational, {{"a", 1, Commitment::kAspirational, 1e15},
                                         {"b", 1, Commitment::kAspirational, 5e-324},
                                         {"c", 1, Commitment::kAspirational, 0.1}});
  EXPECT_EQ(score.score->value(), 1.0);
}

ObjectiveProgress Progressed(const std::vector<Given>& given, RollUp roll_up,
                             const std::vector<AlignedPart>& aligned) {
  ObjectiveProgress progress =
      ComputeObjectiveProgress(DefaultPolicy(), "o1", Parts(given), roll_up, aligned);
  ExpectRecomputes(progress.explanation);
  return progress;
}

TEST(ObjectiveProgress, TakesKeyResultsFirstThenAlignedObjectivesInTheOrderOfTheirNames) {
  const ObjectiveProgress progress =
      Progressed({{"z2", 0.5}, {"z1", 0.5}}, RollUp::kIncludeAligned,
                 {{.name = "b", .progress = P(1)}, {.name = "a", .progress = P(0)}});
  std::vector<std::string> names;
  for (const auto& part : progress.explanation.parts) names.push_back(part.name);
  EXPECT_EQ(names, (std::vector<std::string>{"z1", "z2", "a", "b"}));
}

TEST(ObjectiveProgress, IgnoresAlignedObjectivesUnlessAsked) {
  EXPECT_EQ(Progressed({{"a", 0.5}}, RollUp::kOwnKeyResults, {{.name = "b", .progress = P(1)}})
                .progress->value(),
            0.5);
}

TEST(ObjectiveProgress, LeavesOutAlignedObjectivesThatDoNotCount) {
  const ObjectiveProgress progress =
      Progressed({{"a", 0.5}}, RollUp::kIncludeAligned,
                 {{.name = "draft", .progress = P(1), .lifecycle = Lifecycle::kDraft},
                  {.name = "retired", .progress = P(1), .lifecycle = Lifecycle::kRetired},
                  {.name = "deleted", .progress = P(1), .lifecycle = Lifecycle::kDeleted},
                  {.name = "earlier", .progress = P(1), .carried_over = true},
                  {.name = "empty"}});
  EXPECT_EQ(progress.progress->value(), 0.5);
}

TEST(ObjectiveProgress, LeavesOutWhatIsNotApplicableRetiredOrDeleted) {
  EXPECT_EQ(Progressed({{"a", 0.5},
                        {"b", 1, Commitment::kAspirational, 1, kNotApplicable},
                        {"c", 1, Commitment::kAspirational, 1, std::nullopt, Lifecycle::kRetired},
                        {"d", 1, Commitment::kAspirational, 1, std::nullopt, Lifecycle::kDeleted}},
                       RollUp::kOwnKeyResults, {})
                .progress->value(),
            0.5);
}

TEST(ObjectiveProgress, CountsAnUngradedLearning) {
  EXPECT_EQ(
      Progressed({{"a", 0.5, Commitment::kLearning}}, RollUp::kOwnKeyResults, {}).progress->value(),
      0.5);
}

TEST(ObjectiveProgress, IsAbsentWithoutParts) {
  EXPECT_FALSE(Progressed({}, RollUp::kIncludeAligned, {}).progress);
}

TEST(ObjectiveStatus, IsTheWorst) {
  const Status order[] = {Status::kOffTrack,   Status::kAtRisk,  Status::kStale,
                          Status::kUnmeasured, Status::kOnTrack, Status::kDone};
  for (size_t i = 0; i + 1 < std::size(order); ++i) {
    EXPECT_EQ(ComputeObjectiveStatus({order[i + 1], order[i], order[i + 1]}).status, order[i]);
  }
  EXPECT_FALSE(ComputeObjectiveStatus({}).status);
}

TEST(ObjectiveStatus, CountsByStatus) {
  const ObjectiveStatus status =
      ComputeObjectiveStatus({Status::kDone, Status::kStale, Status::kDone});
  EXPECT_EQ(status.counts, (std::map<Status, int>{{Status::kStale, 1}, {Status::kDone, 2}}));
}

TEST(RollUp, GoesUpThroughSeveralLevelsAndParents) {
  const auto rolled = ComputeRollUp(
      DefaultPolicy(),
      {{.name = "company", .roll_up = RollUp::kIncludeAligned, .aligned = {{"left"}, {"right"}}},
       {
           .name = "left",
           .roll_up = RollUp::kIncludeAligned,
           .aligned = {{"leaf", W(3)}},
       },
       {.name = "right",
        .roll_up = RollUp::kIncludeAligned,
        .key_results = Parts({{"k", 0.0}}),
        .aligned = {{"leaf"}, {"unknown"}}},
       {.name = "leaf", .key_results = Parts({{"k", 0.8}})}});
  ASSERT_TRUE(rolled.ok());
  EXPECT_NEAR(rolled->at("left").progress->value(), 0.8, 1e-12);
  EXPECT_NEAR(rolled->at("right").progress->value(), 0.4, 1e-12);
  EXPECT_NEAR(rolled->at("company").progress->value(), 0.6, 1e-12);
}

TEST(RollUp, UsesTheDisplayedProgressOfAChildThatDoesNotRollUp) {
  const auto rolled =
      ComputeRollUp(DefaultPolicy(),
                    {{.name = "top", .roll_up = RollUp::kIncludeAligned, .aligned = {{"middle"}}},
                     {.name = "middle", .key_results = Parts({{"k", 0.2}}), .aligned = {{"leaf"}}},
                     {.name = "leaf", .key_results = Parts({{"k", 1.0}})}});
  ASSERT_TRUE(rolled.ok());
  EXPECT_EQ(rolled->at("top").progress->value(), 0.2);
}

TEST(RollUp, RefusesAlignmentInACircle) {
  const auto rolled = ComputeRollUp(
      DefaultPolicy(), {{.name = "a", .aligned = {{"b"}}}, {.name = "b", .aligned = {{"a"}}}});
  EXPECT_EQ(rolled.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(RollUp, GoesAsDeepAsTheChainIs) {
  constexpr int kDepth = 20000;
  std::vector<RollUpNode> nodes;
  for (int i = 0; i < kDepth; ++i) {
    nodes.push_back({.name = std::to_string(i),
                     .roll_up = RollUp::kIncludeAligned,
                     .aligned = {{std::to_string(i + 1)}}});
  }
  nodes.push_back({.name = std::to_string(kDepth), .key_results = Parts({{"k", 0.25}})});
  const auto rolled = ComputeRollUp(DefaultPolicy(), nodes);
  ASSERT_TRUE(rolled.ok());
  EXPECT_EQ(rolled->at("0").progress->value(), 0.25);
}

}  // namespace
}  // namespace okr::scoring
