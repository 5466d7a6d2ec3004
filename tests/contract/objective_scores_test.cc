// GetObjectiveScore: means, promises, roll-up, status, and what of it whom is shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::scoring::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr char kHundred[] = " metric { baseline: 0 target: 100 }";

class ObjectiveScores : public ::testing::Test {
 protected:
  v1::ObjectiveScore Get(const std::string& objective, const std::string& person = "zoe") {
    const auto score = company_.ObjectiveScore(person, objective);
    EXPECT_OK(score);
    return score.value_or(v1::ObjectiveScore());
  }
  void Value(const std::string& objective, double value, const std::string& key_result = "kr") {
    EXPECT_OK(company_.CheckInWith("admin", objective, absl::StrCat("value: ", value), key_result));
  }

  Company company_;
};

// The mean that an explanation describes.
double MeanOf(const v1::Explanation& explanation) {
  double sum = 0;
  double weights = 0;
  for (const v1::ExplanationPart& part : explanation.parts()) {
    if (!part.included()) continue;
    sum += part.weight() * part.value();
    weights += part.weight();
  }
  return sum / weights;
}

// By name of a part, why it does not count.
std::map<std::string, std::string> Excluded(const v1::Explanation& explanation) {
  std::map<std::string, std::string> excluded;
  for (const v1::ExplanationPart& part : explanation.parts()) {
    if (!part.included()) excluded[part.name()] = part.excluded_reason();
  }
  return excluded;
}

TEST_F(ObjectiveScores, AreTheWeightedMeanOfTheKeyResults) {
  company_.MakeObjective("o", "",
                         {{"a", absl::StrCat("weight: 3", kHundred)},
                          {"b", absl::StrCat("weight: 0.1", kHundred)},
                          {"c", kHundred}});
  Value("o", 10, "a");
  Value("o", 70, "b");
  const v1::ObjectiveScore score = Get("o");
  EXPECT_NEAR(score.score(), (3 * 0.1 + 0.1 * 0.7 + 0) / 4.1, 1e-12);
  EXPECT_EQ(score.progress(), score.score());
  EXPECT_EQ(MeanOf(score.score_explanation()), score.score());
  EXPECT_EQ(MeanOf(score.progress_explanation()), score.progress());
  EXPECT_EQ(score.score_explanation().formula(), "objective_score/1");
  EXPECT_EQ(score.score_explanation().parts(0).name(), company_.KeyResultOf("o", "a"));
  EXPECT_EQ(score.band(), v1::BAND_LIMITED);
  EXPECT_EQ(score.state(), v1::SCORE_STATE_PROVISIONAL);
  EXPECT_EQ(score.cycle(), company_.Name("cycles/now"));
  EXPECT_FALSE(score.incomplete());
}

TEST_F(ObjectiveScores, OfAPromiseAreZeroIfOnePromisedKeyResultMisses) {
  company_.MakeObjective(
      "o", "commitment: COMMITMENT_COMMITTED",
      {{"a", kHundred}, {"b", absl::StrCat("commitment: COMMITMENT_ASPIRATIONAL", kHundred)}});
  Value("o", 99, "a");
  Value("o", 60, "b");
  EXPECT_EQ(Get("o").score(), 0);
  EXPECT_NEAR(Get("o").progress(), (0.99 + 0.6) / 2, 1e-12);
  EXPECT_EQ(Get("o").score_explanation().formula(), "committed_objective_score/1");
  Value("o", 100, "a");
  // Kept: the mean of the others.
  EXPECT_EQ(Get("o").score(), 0.6);
  EXPECT_FALSE(Get("o").missed_promise());  // Not final yet.
}

TEST_F(ObjectiveScores, OfAKeptPromiseWithoutOthersAreOne) {
  company_.MakeObjective("o", "commitment: COMMITMENT_COMMITTED");
  Value("o", 120);
  EXPECT_EQ(Get("o").score(), 1);
}

TEST_F(ObjectiveScores, LeaveOutWhatIsRetiredWithItsWeight) {
  company_.MakeObjective("o", "", {{"a", absl::StrCat("weight: 9", kHundred)}, {"b", kHundred}});
  Value("o", 10, "a");
  Value("o", 80, "b");
  ASSERT_OK(company_.Call<goals::v1::RetireKeyResultRequest>(
      "admin", "name: '$O/objectives/o/keyResults/a' reason: 'Enough'"));
  const v1::ObjectiveScore score = Get("o");
  EXPECT_EQ(score.score(), 0.8);
  EXPECT_EQ(score.progress(), 0.8);
  EXPECT_THAT(Excluded(score.score_explanation()),
              ElementsAre(Pair(company_.KeyResultOf("o", "a"), "RETIRED")));
}

TEST_F(ObjectiveScores, AreAbsentIfNothingIsLeftToAverage) {
  company_.MakeObjective("o");
  ASSERT_OK(company_.Call<goals::v1::RetireKeyResultRequest>(
      "admin", "name: '$O/objectives/o/keyResults/kr' reason: 'Enough'"));
  const v1::ObjectiveScore score = Get("o");
  EXPECT_FALSE(score.has_score());
  EXPECT_FALSE(score.has_progress());
  EXPECT_EQ(score.band(), v1::BAND_UNSPECIFIED);
}

TEST_F(ObjectiveScores, AreIncompleteWhileLearningIsUngraded) {
  company_.MakeObjective(
      "o", "", {{"a", kHundred}, {"b", absl::StrCat("commitment: COMMITMENT_LEARNING", kHundred)}});
  Value("o", 50, "a");
  Value("o", 100, "b");
  const v1::ObjectiveScore score = Get("o");
  EXPECT_TRUE(score.incomplete());
  EXPECT_EQ(score.score(), 0.5);
  EXPECT_EQ(score.progress(), 0.75);
  EXPECT_THAT(Excluded(score.score_explanation()),
              ElementsAre(Pair(company_.KeyResultOf("o", "b"), "UNGRADED")));
}

TEST_F(ObjectiveScores, HaveTheWorstStatusOfTheKeyResults) {
  company_.MakeObjective("o", "", {{"a", kHundred}, {"b", kHundred}, {"c", kHundred}});
  Value("o", 100, "a");
  Value("o", 10, "b");
  const v1::ObjectiveScore score = Get("o");
  EXPECT_EQ(score.status(), v1::STATUS_OFF_TRACK);
  ASSERT_EQ(score.status_counts_size(), 3);
  EXPECT_EQ(score.status_counts(0).status(), v1::STATUS_OFF_TRACK);
  EXPECT_EQ(score.status_counts(1).status(), v1::STATUS_UNMEASURED);
  EXPECT_EQ(score.status_counts(2).status(), v1::STATUS_DONE);
  for (const v1::StatusCount& count : score.status_counts()) EXPECT_EQ(count.count(), 1);
}

TEST_F(ObjectiveScores, IncludeAlignedObjectivesWhereAsked) {
  company_.MakeObjective("top", "roll_up: ROLL_UP_INCLUDE_ALIGNED");
  company_.MakeObjective("plain", "roll_up: ROLL_UP_OWN_KEY_RESULTS");
  company_.MakeObjective("child");
  ASSERT_OK(company_.Align("child", "top", 3));
  ASSERT_OK(company_.Align("child", "plain", 3));
  Value("child", 80);
  Value("top", 40);
  Value("plain", 40);
  const v1::ObjectiveScore top = Get("top");
  EXPECT_NEAR(top.progress(), (0.4 + 3 * 0.8) / 4, 1e-12);
  EXPECT_EQ(MeanOf(top.progress_explanation()), top.progress());
  EXPECT_EQ(top.score(), 0.4);  // Scores never roll up.
  EXPECT_EQ(Get("plain").progress(), 0.4);
}

TEST_F(ObjectiveScores, LeaveOutAlignedOnesThatDoNotCount) {
  company_.MakeObjective("top", "roll_up: ROLL_UP_INCLUDE_ALIGNED");
  company_.DraftObjective("draft");
  company_.MakeObjective("retired");
  ASSERT_OK(company_.Align("draft", "top", 1));
  ASSERT_OK(company_.Align("retired", "top", 1));
  Value("top", 40);
  Value("retired", 100);
  ASSERT_OK(company_.Call<goals::v1::RetireObjectiveRequest>(
      "admin", "name: '$O/objectives/retired' reason: 'Enough'"));
  const v1::ObjectiveScore top = Get("top");
  EXPECT_EQ(top.progress(), 0.4);
  EXPECT_THAT(Excluded(top.progress_explanation()),
              UnorderedElementsAre(Pair(company_.Name("objectives/draft"), "DRAFT"),
                                   Pair(company_.Name("objectives/retired"), "RETIRED")));
}

TEST_F(ObjectiveScores, OfADiamondCountEachWayOnce) {
  company_.MakeObjective("top", "roll_up: ROLL_UP_INCLUDE_ALIGNED");
  for (const char* middle : {"left", "right"}) {
    company_.MakeObjective(middle, "roll_up: ROLL_UP_INCLUDE_ALIGNED");
    ASSERT_OK(company_.Align(middle, "top", 1));
  }
  company_.MakeObjective("leaf");
  ASSERT_OK(company_.Align("leaf", "left", 1));
  ASSERT_OK(company_.Align("leaf", "right", 3));
  Value("leaf", 80);
  EXPECT_NEAR(Get("left").progress(), 0.4, 1e-12);
  EXPECT_NEAR(Get("right").progress(), 0.6, 1e-12);
  EXPECT_NEAR(Get("top").progress(), (0 + 0.4 + 0.6) / 3, 1e-12);
}

TEST_F(ObjectiveScores, ShowPrivatePartsOnlyAsTheirContribution) {
  company_.MakeObjective("top", "roll_up: ROLL_UP_INCLUDE_ALIGNED");
  company_.MakeObjective("secret", "owner: '$O/people/ben' visibility: VISIBILITY_PRIVATE");
  ASSERT_OK(company_.Align("secret", "top", 2));
  Value("secret", 90);
  const v1::ObjectiveScore seen = Get("top", "zoe");
  EXPECT_EQ(MeanOf(seen.progress_explanation()), seen.progress());
  ASSERT_EQ(seen.progress_explanation().parts_size(), 2);
  EXPECT_THAT(seen.progress_explanation().parts(1).name(), StartsWith("part "));
  EXPECT_EQ(seen.progress_explanation().parts(1).value(), 0.9);
  EXPECT_THAT(seen.ShortDebugString(), ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_EQ(Get("top", "ben").progress_explanation().parts(1).name(),
            company_.Name("objectives/secret"));
}

TEST_F(ObjectiveScores, RefuseUnknownAndWrongNamesAndOtherOrganizations) {
  company_.MakeObjective("o");
  EXPECT_OK(company_.ObjectiveScore("vic", "o"));
  EXPECT_THAT(company_.ObjectiveScore("zoe", "none"), IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(WrongFields(company_.Call<v1::GetObjectiveScoreRequest>("zoe", "name: '$O'")),
              ElementsAre("name"));
  ASSERT_OK(company_.Call<goals::v1::DeleteObjectiveRequest>("admin", "name: '$O/objectives/o'"));
  EXPECT_THAT(company_.ObjectiveScore("zoe", "o"), IsRefused("RESOURCE_NOT_FOUND"));
  Company other;
  EXPECT_THAT(Send(other.as("admin"),
                   company_.Parse<v1::GetObjectiveScoreRequest>("name: '$O/objectives/o'")),
              IsRefused("WRONG_ORGANIZATION"));
}

}  // namespace
}  // namespace okr::testing
