#include "services/scoring/domain/score.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "services/scoring/domain/recompute_for_test.h"

namespace okr::scoring {
namespace {

using okr::testing::NamesField;
using testing::ExpectRecomputes;

KeyResultProgress At(double value, bool done = false) {
  KeyResultProgress progress;
  progress.progress = Progress::Make("progress", value).value();
  progress.measured = true;
  progress.done = done;
  return progress;
}

Grade Graded(double value) {
  return {
      .value = Score::Make("grade", value).value(), .reason = "the numbers lie", .lesson = "ask"};
}

Grade NotApplicable() { return {.not_applicable = true, .reason = "product sold"}; }

KeyResultScore Of(Commitment commitment, const KeyResultProgress& progress,
                  std::optional<Grade> grade = std::nullopt,
                  Lifecycle lifecycle = Lifecycle::kActive) {
  KeyResultScore score = ComputeScore(DefaultPolicy(), {.name = "k1", .lifecycle = lifecycle},
                                      commitment, progress, grade, ScoreState::kProvisional);
  ExpectRecomputes(score.explanation);
  return score;
}

TEST(ComputeScore, OfAnAspirationIsItsProgress) {
  EXPECT_EQ(Of(Commitment::kAspirational, At(0.6)).score->value(), 0.6);
}

TEST(ComputeScore, OfAPromiseIsAllOrNothing) {
  EXPECT_EQ(Of(Commitment::kCommitted, At(0.99)).score->value(), 0.0);
  EXPECT_EQ(Of(Commitment::kCommitted, At(1.0, true)).score->value(), 1.0);
}

TEST(ComputeScore, OfAnUngradedLearningLeavesTheMean) {
  const KeyResultScore score = Of(Commitment::kLearning, At(0.8));
  EXPECT_FALSE(score.score || score.computed);
  EXPECT_EQ(score.left_out, LeftOut::kUngraded);
}

TEST(ComputeScore, OfAGradedLearningIsTheGrade) {
  const KeyResultScore score = Of(Commitment::kLearning, At(0.8), Graded(0.3));
  EXPECT_EQ(score.score->value(), 0.3);
  EXPECT_EQ(score.left_out, LeftOut::kNot);
}

TEST(ComputeScore, KeepsTheComputedScoreBesideTheGrade) {
  const KeyResultScore score = Of(Commitment::kAspirational, At(0.6), Graded(0.9));
  EXPECT_EQ(score.score->value(), 0.9);
  EXPECT_EQ(score.computed->value(), 0.6);
  EXPECT_EQ(score.explanation.grade->computed, 0.6);
}

TEST(ComputeScore, LeavesTheMeanWhenNotApplicable) {
  const KeyResultScore score = Of(Commitment::kCommitted, At(0.5), NotApplicable());
  EXPECT_FALSE(score.score);
  EXPECT_EQ(score.left_out, LeftOut::kNotApplicable);
  EXPECT_EQ(Of(Commitment::kLearning, At(0), NotApplicable()).left_out, LeftOut::kNotApplicable);
}

TEST(ComputeScore, LeavesTheMeanWhenRetiredOrDeleted) {
  EXPECT_EQ(Of(Commitment::kLearning, At(0.5), std::nullopt, Lifecycle::kRetired).left_out,
            LeftOut::kRetired);
  EXPECT_EQ(Of(Commitment::kAspirational, At(0.5), Graded(1), Lifecycle::kDeleted).left_out,
            LeftOut::kDeleted);
}

TEST(EffectiveCommitment, IsTheObjectivesUnlessSet) {
  EXPECT_EQ(EffectiveCommitment({}, Commitment::kCommitted), Commitment::kCommitted);
  EXPECT_EQ(EffectiveCommitment({.commitment = Commitment::kLearning}, Commitment::kCommitted),
            Commitment::kLearning);
}

TEST(ValidateGrade, NeedsAReason) {
  Grade grade = Graded(0.5);
  EXPECT_OK(ValidateGrade(grade, Commitment::kAspirational));
  grade.reason = " \t";
  EXPECT_THAT(ValidateGrade(grade, Commitment::kAspirational), NamesField("grade.reason"));
}

TEST(ValidateGrade, NeedsALessonForLearning) {
  Grade grade = Graded(0.5);
  grade.reason = "";
  EXPECT_OK(ValidateGrade(grade, Commitment::kLearning));
  grade.lesson = "\n";
  EXPECT_THAT(ValidateGrade(grade, Commitment::kLearning), NamesField("grade.lesson"));
}

TEST(ValidateGrade, OfAPromiseIsZeroOrOne) {
  EXPECT_OK(ValidateGrade(Graded(0), Commitment::kCommitted));
  EXPECT_OK(ValidateGrade(Graded(1), Commitment::kCommitted));
  EXPECT_THAT(ValidateGrade(Graded(0.5), Commitment::kCommitted), NamesField("grade.score"));
}

TEST(ValidateGrade, NeedsAReasonWhenNotApplicable) {
  EXPECT_OK(ValidateGrade(NotApplicable(), Commitment::kCommitted));
  Grade grade{.not_applicable = true, .lesson = "a lesson is no reason"};
  EXPECT_THAT(ValidateGrade(grade, Commitment::kLearning), NamesField("grade.reason"));
}

}  // namespace
}  // namespace okr::scoring
