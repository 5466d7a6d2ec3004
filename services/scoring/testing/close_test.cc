// Grading, and how a cycle's scores become final.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "services/scoring/testing/world.h"
#include "services/scoring/transport/reports.h"

namespace okr::scoring::testing {
namespace {

using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class Close : public ::testing::Test {
 protected:
  Close() {
    world_.Goals({world_.Person("lea"), world_.Person("ben"), world_.Person("zoe"),
                  world_.Team("crew", {"lea", "ben"}), world_.Objective("o"),
                  world_.KeyResult("o/k"), world_.KeyResult("o/other")});
    world_.CheckIns({world_.CheckIn("o/k", 40)});
  }
  void Enter(directory::v1::CycleState state) {
    world_.Goals({world_.Cycle("q1", state)});
    world_.RunSweeps();
  }
  void Seal() {
    world_.CheckIns({world_.Sealed("q1")});
    world_.RunSweeps();
  }
  static void Half(v1::Grade& grade) {
    grade.set_score(0.5);
    grade.set_reason("The market closed");
  }
  absl::StatusOr<v1::CycleReport> FinalReport() {
    v1::GetCycleReportRequest request;
    request.set_cycle(Full("cycles/q1"));
    request.set_require_final(true);
    return GetCycleReport(world_.reads(), world_.CallOf("lea"), request);
  }

  World world_;
};

TEST_F(Close, AGradeReplacesTheComputedScoreAtOnce) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  world_.NewEvents();
  ASSERT_OK_AND_ASSIGN(const v1::KeyResultScore score, world_.Grade("lea", "o/k", Half));
  EXPECT_DOUBLE_EQ(score.score(), 0.5);
  EXPECT_DOUBLE_EQ(score.computed_score(), 0.4);
  EXPECT_EQ(score.grade().grader(), Full("people/lea"));
  EXPECT_TRUE(score.grade().has_grade_time());
  EXPECT_EQ(score.score_explanation().formula(), "graded_score/1");
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("o").score(), 0.25);
  EXPECT_THAT(world_.NewEvents(), ElementsAre("KeyResultGraded objectives/o/keyResults/k",
                                              "KeyResultScoreChanged objectives/o/keyResults/k",
                                              "ObjectiveScoreChanged objectives/o"));
}

TEST_F(Close, ALaterGradeReplacesAnEarlierOne) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  ASSERT_OK(world_.Grade("lea", "o/k", Half));
  ASSERT_OK(world_.Grade("admin", "o/k", [](v1::Grade& grade) {
    grade.set_not_applicable(true);
    grade.set_reason("The product was stopped");
  }));
  EXPECT_FALSE(world_.KeyResultScore("o/k").has_score());
  EXPECT_FALSE(world_.KeyResultScore("o/k").has_progress());
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("o").score(), 0);
}

TEST_F(Close, OnlyThoseWhoAnswerForItGrade) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  EXPECT_THAT(world_.Grade("ben", "o/k", Half), HasReason("PERMISSION_DENIED"));
  EXPECT_THAT(world_.Grade("zoe", "o/k", Half), HasReason("PERMISSION_DENIED"));
  EXPECT_OK(world_.Grade("admin", "o/k", Half));
  world_.Goals({world_.KeyResult("o/k", [](auto& k) { k.set_owner(Full("people/zoe")); })});
  EXPECT_OK(world_.Grade("zoe", "o/k", Half));
  EXPECT_THAT(world_.Grade("lea", "o/k", Half), HasReason("PERMISSION_DENIED"));
}

TEST_F(Close, GradesAreTakenInGradingOnly) {
  EXPECT_THAT(world_.Grade("lea", "o/k", Half), HasReason("CYCLE_STATE"));
  Enter(directory::v1::CYCLE_STATE_CLOSED);
  EXPECT_THAT(world_.Grade("lea", "o/k", Half), HasReason("CYCLE_STATE"));
}

TEST_F(Close, WhatCountsNowhereIsNotGraded) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  world_.Goals(
      {world_.KeyResult("o/k", [](auto& k) { k.set_state(goals::v1::KEY_RESULT_STATE_RETIRED); })});
  EXPECT_THAT(world_.Grade("lea", "o/k", Half), HasReason("KEY_RESULT_STATE"));
  world_.Goals(
      {world_.Objective("o", [](auto& o) { o.set_state(goals::v1::OBJECTIVE_STATE_DRAFT); })});
  EXPECT_THAT(world_.Grade("lea", "o/other", Half), HasReason("OBJECTIVE_STATE"));
}

TEST_F(Close, AWrongGradeNamesEveryField) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  EXPECT_THAT(world_.Grade("lea", "o/k", [](v1::Grade&) {}), NamesField("grade"));
  EXPECT_THAT(world_.Grade("lea", "o/k", [](v1::Grade& grade) { grade.set_score(0.5); }),
              NamesField("grade.reason"));
  const auto wrong = world_.Grade("lea", "o/k", [](v1::Grade& grade) {
    grade.set_score(1.5);
    grade.set_reason(std::string(2001, 'x'));
    grade.set_lesson(std::string(10'001, 'x'));
  });
  for (const char* field : {"grade.score", "grade.reason", "grade.lesson"}) {
    EXPECT_THAT(wrong, NamesField(field));
  }
}

TEST_F(Close, APromiseIsGradedKeptOrNot) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  world_.Goals({world_.KeyResult(
      "o/k", [](auto& k) { k.set_commitment(goals::v1::COMMITMENT_COMMITTED); })});
  EXPECT_THAT(world_.Grade("lea", "o/k", Half), NamesField("grade.score"));
}

TEST_F(Close, LearningIsGradedWithItsLesson) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  world_.Goals(
      {world_.KeyResult("o/k", [](auto& k) { k.set_commitment(goals::v1::COMMITMENT_LEARNING); })});
  EXPECT_TRUE(world_.ObjectiveScore("o").incomplete());
  EXPECT_THAT(world_.Grade("lea", "o/k", Half), NamesField("grade.lesson"));
  EXPECT_OK(world_.Grade("lea", "o/k", [](v1::Grade& grade) {
    grade.set_score(0.8);
    grade.set_lesson("Nobody reads manuals");
  }));
  EXPECT_FALSE(world_.ObjectiveScore("o").incomplete());
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("o").score(), 0.4);
}

TEST_F(Close, NothingIsGradedThatIsNotThere) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  EXPECT_THAT(world_.Grade("lea", "o/none", Half), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(world_.Grade("lea", "none/k", Half), HasReason("RESOURCE_NOT_FOUND"));
  world_.Goals({world_.Objective("o", [](auto& o) { o.mutable_delete_time(); })});
  EXPECT_THAT(world_.Grade("lea", "o/k", Half), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(Close, ScoresAreFinalOnlyWhenClosedAndSealed) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  EXPECT_EQ(world_.KeyResultScore("o/k").state(), v1::SCORE_STATE_PROVISIONAL);
  Enter(directory::v1::CYCLE_STATE_CLOSED);
  EXPECT_EQ(world_.KeyResultScore("o/k").state(), v1::SCORE_STATE_PROVISIONAL);
  EXPECT_THAT(FinalReport(), HasReason("SCORES_NOT_FINAL"));
  world_.NewEvents();
  // What was accepted before the seal still counts.
  world_.CheckIns({world_.CheckIn("o/k", 80)});
  Seal();
  EXPECT_EQ(world_.KeyResultScore("o/k").state(), v1::SCORE_STATE_FINAL);
  EXPECT_DOUBLE_EQ(world_.KeyResultScore("o/k").score(), 0.8);
  EXPECT_EQ(world_.ObjectiveScore("o").state(), v1::SCORE_STATE_FINAL);
  EXPECT_THAT(world_.NewEvents(), Contains("CycleScored cycles/q1"));
  ASSERT_OK_AND_ASSIGN(const v1::CycleReport report, FinalReport());
  EXPECT_TRUE(report.final());
}

TEST_F(Close, TheSealMayComeBeforeTheClose) {
  Enter(directory::v1::CYCLE_STATE_GRADING);
  Seal();
  EXPECT_EQ(world_.KeyResultScore("o/k").state(), v1::SCORE_STATE_PROVISIONAL);
  Enter(directory::v1::CYCLE_STATE_CLOSED);
  EXPECT_EQ(world_.KeyResultScore("o/k").state(), v1::SCORE_STATE_FINAL);
}

TEST_F(Close, ACycleIsToldToBeScoredOnce) {
  Enter(directory::v1::CYCLE_STATE_CLOSED);
  Seal();
  world_.NewEvents();
  world_.Goals({world_.Cycle("q1", directory::v1::CYCLE_STATE_CLOSED)});
  world_.CheckIns({world_.Sealed("q1")});
  world_.RunSweeps();
  EXPECT_THAT(world_.NewEvents(), ::testing::IsEmpty());
}

TEST_F(Close, FinalScoresNeverChangeAgain) {
  Enter(directory::v1::CYCLE_STATE_CLOSED);
  Seal();
  const auto before = world_.ScoreRows();
  world_.CheckIns({world_.CheckIn("o/k", 99)});
  world_.Goals({world_.KeyResult("o/k", [](auto& k) { k.set_weight(7); }),
                world_.Organization([](auto& o) { o.set_time_zone("Asia/Tokyo"); })});
  world_.RunSweeps();
  EXPECT_EQ(world_.ScoreRows(), before);
}

TEST_F(Close, AMissedPromiseIsListed) {
  world_.Goals(
      {world_.Objective("o", [](auto& o) { o.set_commitment(goals::v1::COMMITMENT_COMMITTED); })});
  world_.Goals({world_.Team("crew", {"lea", "ben", "zoe", "ida", "tom"})});
  Enter(directory::v1::CYCLE_STATE_CLOSED);
  Seal();
  EXPECT_TRUE(world_.ObjectiveScore("o").missed_promise());
  ASSERT_OK_AND_ASSIGN(const v1::CycleReport report, FinalReport());
  EXPECT_THAT(report.organization().missed_promises(), ElementsAre(Full("objectives/o")));
}

}  // namespace
}  // namespace okr::scoring::testing
