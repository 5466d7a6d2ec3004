// GradeKeyResult: who grades, when, and what follows; provisional and final scores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::scoring::v1;
using ::testing::ElementsAre;

constexpr char kHundred[] = " metric { baseline: 0 target: 100 }";

// An objective "o" of the crew with a key result of each commitment, each at 30 of 100; zoe's
// objective "hers". The cycle is GRADING.
class Grading : public ::testing::Test {
 protected:
  void SetUp() override {
    company_.MakeObjective("o", "",
                           {{"dream", kHundred},
                            {"learn", absl::StrCat("commitment: COMMITMENT_LEARNING", kHundred)},
                            {"promise", absl::StrCat("commitment: COMMITMENT_COMMITTED", kHundred)},
                            {"retired", kHundred}});
    company_.MakeObjective("hers", "owner: '$O/people/zoe'");
    company_.MakeObjective("gone");
    for (const char* key_result : {"dream", "learn", "promise"}) {
      ASSERT_OK(company_.CheckInWith("ben", "o", "value: 30", key_result));
    }
    ASSERT_OK(company_.CheckIn("zoe", "hers", 30));
    ASSERT_OK(company_.Call<goals::v1::RetireKeyResultRequest>(
        "admin", "name: '$O/objectives/o/keyResults/retired' reason: 'Enough'"));
    ASSERT_OK(company_.Call<goals::v1::RetireObjectiveRequest>(
        "admin", "name: '$O/objectives/gone' reason: 'Enough'"));
    ASSERT_OK(company_.OpenCycleGrading("now"));
  }

  absl::StatusOr<v1::KeyResultScore> Grade(const std::string& person, const std::string& key_result,
                                           absl::string_view grade,
                                           const std::string& objective = "o",
                                           absl::string_view more = "") {
    auto request = company_.Parse<v1::GradeKeyResultRequest>(more);
    request.set_name(company_.KeyResultOf(objective, key_result));
    *request.mutable_grade() = company_.Parse<v1::Grade>(grade);
    return Send(company_.as(person), request);
  }

  Company company_;
};

TEST_F(Grading, ReplacesTheComputedScoreAndKeepsBoth) {
  const auto graded = Grade("ann", "dream", "score: 0.6 reason: 'The market closed'");
  ASSERT_OK(graded);
  EXPECT_EQ(graded->score(), 0.6);
  EXPECT_EQ(graded->computed_score(), 0.3);
  EXPECT_EQ(graded->band(), v1::BAND_PARTIAL);
  EXPECT_EQ(graded->state(), v1::SCORE_STATE_PROVISIONAL);
  EXPECT_EQ(graded->grade().grader(), company_.Name("people/ann"));
  EXPECT_EQ(graded->grade().reason(), "The market closed");
  EXPECT_NEAR(graded->grade().grade_time().seconds(), absl::ToUnixSeconds(absl::Now()), 60);
  EXPECT_EQ(graded->score_explanation().formula(), "graded_score/1");
  const auto read = company_.KeyResultScore("zoe", "o", "dream");
  ASSERT_OK(read);
  EXPECT_EQ(read->score(), 0.6);
  EXPECT_EQ(read->progress(), 0.3);
  // The mean follows: the promise is missed, the learning not graded.
  EXPECT_NEAR(company_.ObjectiveScore("zoe", "o")->score(), (0.6 + 0) / 2, 1e-12);
}

TEST_F(Grading, ALaterGradeReplacesAnEarlierOne) {
  ASSERT_OK(Grade("ann", "dream", "score: 0.6 reason: 'First thoughts'"));
  const auto later = Grade("admin", "dream", "score: 0.4 reason: 'Second thoughts'");
  ASSERT_OK(later);
  EXPECT_EQ(later->score(), 0.4);
  EXPECT_EQ(later->grade().grader(), company_.Name("people/admin"));
}

TEST_F(Grading, NotApplicableLeavesTheMeans) {
  ASSERT_OK(Grade("ann", "promise", "not_applicable: true reason: 'The law was repealed'"));
  const auto key_result = company_.KeyResultScore("ann", "o", "promise");
  ASSERT_OK(key_result);
  EXPECT_FALSE(key_result->has_score());
  EXPECT_FALSE(key_result->has_progress());
  EXPECT_EQ(key_result->computed_score(), 0);
  EXPECT_EQ(company_.ObjectiveScore("ann", "o")->score(), 0.3);
}

TEST_F(Grading, LearningIsGradedWithItsLesson) {
  EXPECT_THAT(WrongFields(Grade("ann", "learn", "score: 0.8 reason: 'Nice'")),
              ElementsAre("grade.lesson"));
  const auto graded = Grade("ann", "learn", "score: 0.8 lesson: 'Nobody reads manuals'");
  ASSERT_OK(graded);
  EXPECT_EQ(graded->score(), 0.8);
  EXPECT_FALSE(graded->has_computed_score());
  const auto objective = company_.ObjectiveScore("ann", "o");
  ASSERT_OK(objective);
  EXPECT_FALSE(objective->incomplete());
}

TEST_F(Grading, RefusesGradesAgainstTheRules) {
  EXPECT_THAT(WrongFields(Grade("ann", "dream", "score: 0.5")), ElementsAre("grade.reason"));
  EXPECT_THAT(WrongFields(Grade("ann", "dream", "score: 0.5 reason: ' '")),
              ElementsAre("grade.reason"));
  EXPECT_THAT(WrongFields(Grade("ann", "dream", "not_applicable: true")),
              ElementsAre("grade.reason"));
  EXPECT_THAT(WrongFields(Grade("ann", "promise", "score: 0.5 reason: 'Half'")),
              ElementsAre("grade.score"));
  EXPECT_OK(Grade("ann", "promise", "score: 1 reason: 'As good as kept'"));
  for (const char* score : {"-0.1", "1.1", "nan", "inf"}) {
    EXPECT_THAT(WrongFields(Grade("ann", "dream", absl::StrCat("reason: 'r' score: ", score))),
                ElementsAre("grade.score"))
        << score;
  }
  EXPECT_EQ(company_.KeyResultScore("ann", "o", "dream")->score(), 0.3);
}

TEST_F(Grading, NamesAllWrongFieldsAtOnce) {
  v1::GradeKeyResultRequest request;
  request.set_name("wrong");
  request.mutable_grade()->set_score(2);
  request.mutable_grade()->set_reason(std::string(2'001, 'r'));
  request.mutable_grade()->set_lesson(std::string(10'001, 'l'));
  EXPECT_THAT(WrongFields(Send(company_.as("ann"), request)),
              ElementsAre("grade.lesson", "grade.reason", "grade.score", "name"));
  EXPECT_FALSE(Send(company_.as("ann"), v1::GradeKeyResultRequest()).ok());
  EXPECT_THAT(WrongFields(Grade("ann", "dream", "reason: 'But which?'")), ElementsAre("grade"));
}

TEST_F(Grading, IsForOwnersLeadsAndAdministrators) {
  constexpr char kGrade[] = "score: 1 reason: 'So be it'";
  EXPECT_OK(Grade("ann", "dream", kGrade));
  EXPECT_OK(Grade("admin", "dream", kGrade));
  EXPECT_OK(Grade("zoe", "kr", kGrade, "hers"));
  for (const char* person : {"ben", "zoe", "vic"}) {
    EXPECT_THAT(Grade(person, "dream", kGrade), IsRefused("PERMISSION_DENIED")) << person;
  }
  EXPECT_THAT(Grade("ann", "kr", kGrade, "hers"), IsRefused("PERMISSION_DENIED"));
  Company other;
  auto request = company_.Parse<v1::GradeKeyResultRequest>(
      "name: '$O/objectives/o/keyResults/dream' grade { score: 1 reason: 'r' }");
  EXPECT_THAT(Send(other.as("admin"), request), IsRefused("WRONG_ORGANIZATION"));
}

TEST_F(Grading, DoesNotShowTheScoreOfAPersonToAnAdministratorWhoGrades) {
  const auto graded = Grade("admin", "kr", "score: 1 reason: 'r'", "hers");
  ASSERT_OK(graded);
  EXPECT_FALSE(graded->has_score());
  EXPECT_EQ(company_.KeyResultScore("zoe", "hers")->score(), 1);
}

TEST_F(Grading, RefusesWhatCountsNowhere) {
  constexpr char kGrade[] = "score: 1 reason: 'So be it'";
  EXPECT_THAT(Grade("ann", "retired", kGrade), IsRefused("KEY_RESULT_STATE"));
  const auto gone = Grade("ann", "kr", kGrade, "gone");
  EXPECT_THAT(gone, IsRefused("OBJECTIVE_STATE"));
  EXPECT_EQ(DetailsOf(gone.status()).metadata.at("state"), "RETIRED");
  EXPECT_THAT(Grade("ann", "none", kGrade), IsRefused("RESOURCE_NOT_FOUND"));
}

TEST_F(Grading, RepeatsTheAnswerOfARepeatedRequestId) {
  constexpr char kSame[] = "request_id: 'same'";
  const auto first = Grade("ann", "dream", "score: 0.6 reason: 'r'", "o", kSame);
  ASSERT_OK(first);
  ASSERT_OK(Grade("ann", "dream", "score: 0.9 reason: 'r'"));
  const auto again = Grade("ann", "dream", "score: 0.6 reason: 'r'", "o", kSame);
  ASSERT_OK(again);
  EXPECT_EQ(again->DebugString(), first->DebugString());
  EXPECT_EQ(company_.KeyResultScore("ann", "o", "dream")->score(), 0.9);
  EXPECT_THAT(Grade("ann", "dream", "score: 0.7 reason: 'r'", "o", kSame),
              IsRefused("REQUEST_ID_REUSED"));
}

TEST_F(Grading, ValidatesOnlyWithoutATrace) {
  const auto checked = Grade("ann", "dream", "score: 0.6 reason: 'r'", "o", "validate_only: true");
  ASSERT_OK(checked);
  EXPECT_EQ(checked->score(), 0.6);
  const auto read = company_.KeyResultScore("ann", "o", "dream");
  ASSERT_OK(read);
  EXPECT_EQ(read->score(), 0.3);
  EXPECT_FALSE(read->has_grade());
}

TEST_F(Grading, EndsWithTheCycleAndScoresAreFinal) {
  ASSERT_OK(Grade("ann", "dream", "score: 0.6 reason: 'r'"));
  ASSERT_OK(company_.CloseCycle("now"));
  const auto late = Grade("ann", "dream", "score: 1 reason: 'r'");
  EXPECT_THAT(late, IsRefused("CYCLE_STATE"));
  EXPECT_EQ(DetailsOf(late.status()).metadata.at("state"), "CLOSED");
  const auto final_score =
      Eventually([&] { return company_.KeyResultScore("ann", "o", "dream"); },
                 [](const auto& score) { return score.state() == v1::SCORE_STATE_FINAL; });
  EXPECT_EQ(final_score.score(), 0.6);
  EXPECT_EQ(final_score.computed_score(), 0.3);
  const auto objective = company_.ObjectiveScore("ann", "o");
  ASSERT_OK(objective);
  EXPECT_EQ(objective->state(), v1::SCORE_STATE_FINAL);
}

TEST(GradingBefore, TheCycleIsActiveThereIsNothingToGrade) {
  Company company;
  company.MakeObjective("o");
  const auto early = company.Call<v1::GradeKeyResultRequest>(
      "ann", "name: '$O/objectives/o/keyResults/kr' grade { score: 1 reason: 'r' }");
  EXPECT_THAT(early, IsRefused("CYCLE_STATE"));
  EXPECT_EQ(DetailsOf(early.status()).metadata.at("cycle"), company.Name("cycles/now"));
  EXPECT_EQ(DetailsOf(early.status()).metadata.at("state"), "ACTIVE");
}

}  // namespace
}  // namespace okr::testing
