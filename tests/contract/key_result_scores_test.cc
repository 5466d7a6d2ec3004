// GetKeyResultScore: the numbers of the scoring policy, and how they come about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::scoring::v1;
using ::testing::ElementsAre;

constexpr absl::Duration kDay = absl::Hours(24);

// One key result, what is checked in on it one after the other, and what it comes to.
struct Case {
  std::string name;
  std::string key_result;
  std::vector<std::string> check_ins;
  double progress;
  std::optional<double> raw;
  std::optional<double> score;
  bool done = false;
  v1::Status status;
};

std::string NameOfCase(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

std::optional<double> Raw(const v1::KeyResultScore& score) {
  return score.has_raw_progress() ? std::optional(score.raw_progress()) : std::nullopt;
}
std::optional<double> Score(const v1::KeyResultScore& score) {
  return score.has_score() ? std::optional(score.score()) : std::nullopt;
}

class KeyResultScores : public ::testing::TestWithParam<Case> {};

// Half of the cycle is over, so attainment is about twice the progress.
TEST_P(KeyResultScores, AreAsThePolicySays) {
  Company company;
  company.MakeObjective("o", "", {{"kr", GetParam().key_result}});
  for (const std::string& check_in : GetParam().check_ins) {
    ASSERT_OK(company.CheckInWith("ben", "o", check_in));
  }
  const auto score = company.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_NEAR(score->progress(), GetParam().progress, 1e-12);
  EXPECT_EQ(Raw(*score), GetParam().raw);
  EXPECT_EQ(Score(*score), GetParam().score);
  EXPECT_EQ(Score(*score).has_value(), score->has_computed_score());
  EXPECT_EQ(score->done(), GetParam().done);
  EXPECT_EQ(v1::Status_Name(score->status()), v1::Status_Name(GetParam().status));
  EXPECT_EQ(score->state(), v1::SCORE_STATE_PROVISIONAL);
  EXPECT_EQ(score->cycle(), company.Name("cycles/now"));
  EXPECT_EQ(score->policy(), "okr-v1");
  EXPECT_NEAR(score->expected(), 0.5, 0.02);
}

constexpr char kSteps[] =
    "milestones { milestones { id: 'a' title: 'A' } milestones { id: 'b' title: 'B' weight: 3 } }";

INSTANTIATE_TEST_SUITE_P(Metric, KeyResultScores,
                         ::testing::Values(Case{"Unmeasured",
                                                "metric { baseline: 0 target: 100 }",
                                                {},
                                                0,
                                                std::nullopt,
                                                0,
                                                false,
                                                v1::STATUS_UNMEASURED},
                                           Case{"OnlyConfidence",
                                                "metric { baseline: 0 target: 100 }",
                                                {"confidence: 1"},
                                                0,
                                                std::nullopt,
                                                0,
                                                false,
                                                v1::STATUS_UNMEASURED},
                                           Case{"Rising",
                                                "metric { baseline: 20 target: 120 }",
                                                {"value: 70"},
                                                0.5,
                                                0.5,
                                                0.5,
                                                false,
                                                v1::STATUS_ON_TRACK},
                                           Case{"Falling",
                                                "metric { baseline: 100 target: 50 }",
                                                {"value: 75"},
                                                0.5,
                                                0.5,
                                                0.5,
                                                false,
                                                v1::STATUS_ON_TRACK},
                                           Case{"Reached",
                                                "metric { baseline: 0 target: 3 }",
                                                {"value: 3"},
                                                1,
                                                1,
                                                1,
                                                true,
                                                v1::STATUS_DONE},
                                           Case{"Beyond",
                                                "metric { baseline: 0 target: 3 }",
                                                {"value: 6"},
                                                1,
                                                2,
                                                1,
                                                true,
                                                v1::STATUS_DONE},
                                           Case{"WrongWay",
                                                "metric { baseline: 10 target: 20 }",
                                                {"value: 5"},
                                                0,
                                                -0.5,
                                                0,
                                                false,
                                                v1::STATUS_OFF_TRACK},
                                           Case{"AtRisk",
                                                "metric { baseline: 0 target: 100 }",
                                                {"value: 25"},
                                                0.25,
                                                0.25,
                                                0.25,
                                                false,
                                                v1::STATUS_AT_RISK},
                                           Case{"OffTrack",
                                                "metric { baseline: 0 target: 100 }",
                                                {"value: 12.5"},
                                                0.125,
                                                0.125,
                                                0.125,
                                                false,
                                                v1::STATUS_OFF_TRACK},
                                           Case{"LatestCounts",
                                                "metric { baseline: 0 target: 100 }",
                                                {"value: 90", "value: 50"},
                                                0.5,
                                                0.5,
                                                0.5,
                                                false,
                                                v1::STATUS_ON_TRACK},
                                           Case{"BaselineToBeMeasured",
                                                "metric { target_change_percent: 50 }",
                                                {"value: 100", "value: 125"},
                                                0.5,
                                                0.5,
                                                0.5,
                                                false,
                                                v1::STATUS_ON_TRACK},
                                           Case{
                                               "FallingByPercent",
                                               "metric { baseline: 80 target_change_percent: -25 }",
                                               {"value: 70"},
                                               0.5,
                                               0.5,
                                               0.5,
                                               false,
                                               v1::STATUS_ON_TRACK}),
                         NameOfCase);

INSTANTIATE_TEST_SUITE_P(Maintain, KeyResultScores,
                         ::testing::Values(Case{"Inside",
                                                "maintain { lower: 1 upper: 3 }",
                                                {"value: 2"},
                                                1,
                                                1,
                                                1,
                                                true,
                                                v1::STATUS_ON_TRACK},
                                           Case{"AtTheEnd",
                                                "maintain { lower: 1 upper: 3 }",
                                                {"value: 3"},
                                                1,
                                                1,
                                                1,
                                                true,
                                                v1::STATUS_ON_TRACK},
                                           Case{"Below",
                                                "maintain { lower: 1 upper: 3 }",
                                                {"value: 2", "value: 0.9"},
                                                0,
                                                0,
                                                0,
                                                false,
                                                v1::STATUS_OFF_TRACK},
                                           Case{"OpenAbove",
                                                "maintain { lower: 99.9 }",
                                                {"value: 1e9"},
                                                1,
                                                1,
                                                1,
                                                true,
                                                v1::STATUS_ON_TRACK},
                                           Case{"OpenBelow",
                                                "maintain { upper: 5 }",
                                                {"value: 6"},
                                                0,
                                                0,
                                                0,
                                                false,
                                                v1::STATUS_OFF_TRACK}),
                         NameOfCase);

INSTANTIATE_TEST_SUITE_P(Milestones, KeyResultScores,
                         ::testing::Values(Case{"Some",
                                                kSteps,
                                                {"milestones_done { ids: 'b' }"},
                                                0.75,
                                                0.75,
                                                0.75,
                                                false,
                                                v1::STATUS_ON_TRACK},
                                           Case{"All",
                                                kSteps,
                                                {"milestones_done { ids: 'b' ids: 'a' }"},
                                                1,
                                                1,
                                                1,
                                                true,
                                                v1::STATUS_DONE},
                                           Case{"None",
                                                kSteps,
                                                {"milestones_done { ids: 'a' }",
                                                 "milestones_done {}"},
                                                0,
                                                0,
                                                0,
                                                false,
                                                v1::STATUS_OFF_TRACK},
                                           Case{"YesNo",
                                                "milestones { milestones { id: 'a' title: 'A' } }",
                                                {"milestones_done { ids: 'a' }"},
                                                1,
                                                1,
                                                1,
                                                true,
                                                v1::STATUS_DONE}),
                         NameOfCase);

INSTANTIATE_TEST_SUITE_P(
    Commitments, KeyResultScores,
    ::testing::Values(Case{"CommittedMissed",
                           "commitment: COMMITMENT_COMMITTED metric { baseline: 0 target: 100 }",
                           {"value: 99"},
                           0.99,
                           0.99,
                           0,
                           false,
                           v1::STATUS_ON_TRACK},
                      Case{"CommittedKept",
                           "commitment: COMMITMENT_COMMITTED metric { baseline: 0 target: 100 }",
                           {"value: 100"},
                           1,
                           1,
                           1,
                           true,
                           v1::STATUS_DONE},
                      Case{"CommittedHasToBeCloser",
                           "commitment: COMMITMENT_COMMITTED metric { baseline: 0 target: 100 }",
                           {"value: 40"},
                           0.4,
                           0.4,
                           0,
                           false,
                           v1::STATUS_AT_RISK},
                      Case{"LearningIsUngraded",
                           "commitment: COMMITMENT_LEARNING metric { baseline: 0 target: 100 }",
                           {"value: 40"},
                           0.4,
                           0.4,
                           std::nullopt,
                           false,
                           v1::STATUS_ON_TRACK}),
    NameOfCase);

class KeyResultScore : public ::testing::Test {
 protected:
  absl::StatusOr<v1::KeyResultScore> Get(absl::string_view text,
                                         const std::string& person = "zoe") {
    return company_.Call<v1::GetKeyResultScoreRequest>(person, text);
  }

  Company company_;
};

TEST_F(KeyResultScore, TakesTheCommitmentOfItsObjectiveUnlessItHasItsOwn) {
  company_.MakeObjective(
      "o", "commitment: COMMITMENT_COMMITTED",
      {{"kr"}, {"own", "commitment: COMMITMENT_ASPIRATIONAL metric { baseline: 0 target: 100 }"}});
  ASSERT_OK(company_.CheckInWith("ben", "o", "value: 50", "kr"));
  ASSERT_OK(company_.CheckInWith("ben", "o", "value: 50", "own"));
  EXPECT_EQ(company_.KeyResultScore("ben", "o", "kr")->score(), 0);
  EXPECT_EQ(company_.KeyResultScore("ben", "o", "own")->score(), 0.5);
}

TEST_F(KeyResultScore, CountsTheLatestEffectiveTimeNotTheLatestToBeSaid) {
  company_.MakeObjective("o");
  const auto newer = company_.CheckInWith("ben", "o", "value: 80 confidence: 0.9");
  ASSERT_OK(newer);
  ASSERT_OK(company_.CheckInWith("ben", "o", absl::StrCat("value: 20 ", Ago(kDay))));
  const auto score = company_.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_EQ(score->value(), 80);
  EXPECT_EQ(score->check_in(), newer->name());
  EXPECT_EQ(score->confidence(), 0.9);
}

TEST_F(KeyResultScore, DoesNotCountWhatWasObservedAfterItsDueDate) {
  const absl::CivilDay due = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) - 10;
  company_.MakeObjective("o", "",
                         {{"kr", absl::StrFormat("metric { baseline: 0 target: 100 }"
                                                 " due_date { year: %d month: %d day: %d }",
                                                 due.year(), due.month(), due.day())}});
  ASSERT_OK(company_.CheckInWith("ben", "o", absl::StrCat("value: 30 ", Ago(20 * kDay))));
  ASSERT_OK(company_.CheckInWith("ben", "o", "value: 100"));
  const auto score = company_.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_EQ(score->progress(), 0.3);
  EXPECT_EQ(score->expected(), 1);
}

TEST_F(KeyResultScore, SilenceIsNeverGreen) {
  company_.MakeObjective("o");
  ASSERT_OK(company_.CheckInWith("ben", "o", absl::StrCat("value: 90 ", Ago(30 * kDay))));
  EXPECT_EQ(company_.KeyResultScore("ben", "o")->status(), v1::STATUS_STALE);
  ASSERT_OK(company_.CheckInWith("ben", "o", "value: 90"));
  EXPECT_EQ(company_.KeyResultScore("ben", "o")->status(), v1::STATUS_ON_TRACK);
}

TEST_F(KeyResultScore, ShowsAStatedStatusBesideTheComputedOne) {
  company_.MakeObjective("o");
  ASSERT_OK(company_.CheckInWith(
      "ben", "o", "value: 60 stated_status { status: STATUS_OFF_TRACK reason: 'The deal broke' }"));
  const auto score = company_.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_EQ(score->status(), v1::STATUS_ON_TRACK);
  EXPECT_EQ(score->stated_status(), v1::STATUS_OFF_TRACK);
  EXPECT_EQ(score->stated_status_reason(), "The deal broke");
}

TEST_F(KeyResultScore, OfARangeHasATimeInsideAndNoAttainment) {
  company_.MakeObjective("o", "", {{"kr", "maintain { lower: 1 upper: 2 }"}});
  ASSERT_OK(company_.CheckInWith("ben", "o", absl::StrCat("value: 1.5 ", Ago(30 * kDay))));
  ASSERT_OK(company_.CheckInWith("ben", "o", absl::StrCat("value: 9 ", Ago(10 * kDay))));
  const auto score = company_.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_NEAR(score->time_in_range(), 20.0 / 30, 1e-3);
  EXPECT_FALSE(score->has_attainment());
}

// The number with this name; the last one if there are several.
std::optional<double> Input(const v1::Explanation& explanation, const std::string& name) {
  std::optional<double> found;
  for (const v1::ExplanationInput& input : explanation.inputs()) {
    if (input.name() == name) found = input.number();
  }
  return found;
}

// A program that knows the formulas only.
std::optional<double> Recomputed(const v1::Explanation& explanation) {
  const auto number = [&](const char* name) { return Input(explanation, name).value(); };
  const std::string& formula = explanation.formula();
  if (formula == "metric_progress/1") {
    const double quotient =
        (number("value") - number("baseline")) / (number("target") - number("baseline"));
    return std::clamp(quotient, 0.0, 1.0);
  }
  if (formula == "maintain_progress/1") {
    return number("value") >= number("lower") && number("value") <= number("upper") ? 1 : 0;
  }
  if (formula == "aspirational_score/1") return number("progress");
  if (formula == "committed_score/1") return number("done") == 1 ? 1 : 0;
  double sum = 0;
  double weights = 0;
  for (const v1::ExplanationPart& part : explanation.parts()) {
    if (!part.included()) continue;
    sum += part.weight() * part.value();
    weights += part.weight();
  }
  return sum / weights;
}

TEST_F(KeyResultScore, IsExplainedSoThatOthersComputeTheSameBits) {
  company_.MakeObjective(
      "o", "",
      {{"metric", "metric { baseline: 0.1 target: 0.7 }"},
       {"range", "maintain { lower: 1 upper: 3 } commitment: COMMITMENT_COMMITTED"},
       {"steps",
        "milestones { milestones { id: 'a' title: 'A' weight: 0.1 }"
        " milestones { id: 'b' title: 'B' weight: 0.7 } milestones { id: 'c' title: 'C' } }"}});
  const auto check_in = company_.CheckInWith("ben", "o", "value: 0.37", "metric");
  ASSERT_OK(check_in);
  ASSERT_OK(company_.CheckInWith("ben", "o", "value: 2", "range"));
  ASSERT_OK(company_.CheckInWith("ben", "o", "milestones_done { ids: 'a' ids: 'b' }", "steps"));
  for (const char* key_result : {"metric", "range", "steps"}) {
    const auto score = company_.KeyResultScore("zoe", "o", key_result);
    ASSERT_OK(score);
    EXPECT_EQ(Recomputed(score->progress_explanation()), score->progress()) << key_result;
    EXPECT_EQ(score->progress_explanation().result(), score->progress()) << key_result;
    EXPECT_EQ(Recomputed(score->score_explanation()), score->score()) << key_result;
    EXPECT_EQ(score->score_explanation().policy(), "okr-v1");
    EXPECT_EQ(score->status_explanation().formula(), "status/1");
  }
  const auto metric = company_.KeyResultScore("zoe", "o", "metric");
  for (const v1::ExplanationInput& input : metric->progress_explanation().inputs()) {
    if (input.name() != "value") continue;
    EXPECT_EQ(input.source(), check_in->name());
    EXPECT_EQ(input.observed_time().seconds(), check_in->effective_time().seconds());
  }
}

TEST_F(KeyResultScore, ExplainsThePaceItsStatusFollowsFrom) {
  company_.MakeObjective("o");
  ASSERT_OK(company_.CheckIn("ben", "o", 25));
  const auto score = company_.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  const v1::Explanation& explanation = score->status_explanation();
  EXPECT_EQ(Input(explanation, "attainment"), score->attainment());
  EXPECT_EQ(Input(explanation, "on_track"), 0.7);
  EXPECT_EQ(Input(explanation, "at_risk"), 0.4);
  EXPECT_EQ(Input(explanation, "elapsed_microseconds").value() /
                Input(explanation, "total_microseconds").value(),
            score->expected());
  EXPECT_EQ(score->progress() / score->expected(), score->attainment());
}

TEST_F(KeyResultScore, RefusesUnknownAndWrongNamesAndOtherOrganizations) {
  company_.MakeObjective("o");
  EXPECT_OK(Get("name: '$O/objectives/o/keyResults/kr'", "vic"));
  const auto missing = Get("name: '$O/objectives/o/keyResults/none'");
  EXPECT_THAT(missing, IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(missing.status()).metadata.at("name"), company_.KeyResultOf("o", "none"));
  EXPECT_THAT(WrongFields(Get("name: '$O/objectives/o'")), ElementsAre("name"));
  EXPECT_THAT(WrongFields(Get("")), ElementsAre("name"));
  Company other;
  EXPECT_THAT(Send(other.as("admin"), company_.Parse<v1::GetKeyResultScoreRequest>(
                                          "name: '$O/objectives/o/keyResults/kr'")),
              IsRefused("WRONG_ORGANIZATION"));
}

TEST_F(KeyResultScore, OfAPrivateObjectiveIsForThoseWhoSeeIt) {
  company_.MakeObjective("secret",
                         "owner: '$O/people/zoe' visibility: VISIBILITY_PRIVATE"
                         " shared_with: '$O/people/ben'");
  ASSERT_OK(company_.CheckIn("zoe", "secret", 50));
  EXPECT_EQ(company_.KeyResultScore("zoe", "secret")->score(), 0.5);
  EXPECT_EQ(company_.KeyResultScore("ben", "secret")->score(), 0.5);
  for (const char* person : {"ann", "vic"}) {
    EXPECT_THAT(company_.KeyResultScore(person, "secret"), IsRefused("RESOURCE_NOT_FOUND"));
    EXPECT_THAT(company_.ObjectiveScore(person, "secret"), IsRefused("RESOURCE_NOT_FOUND"));
  }
}

TEST_F(KeyResultScore, OfAPersonIsShownToThatPersonOthersSeeTheProgress) {
  company_.MakeObjective("hers", "owner: '$O/people/zoe' commitment: COMMITMENT_COMMITTED");
  ASSERT_OK(company_.CheckIn("zoe", "hers", 50));
  const auto own = company_.KeyResultScore("zoe", "hers");
  ASSERT_OK(own);
  EXPECT_TRUE(own->has_score());
  EXPECT_EQ(own->band(), v1::BAND_LIMITED);
  for (const char* person : {"ann", "ben", "vic", "admin"}) {
    const auto seen = company_.KeyResultScore(person, "hers");
    ASSERT_OK(seen);
    EXPECT_EQ(seen->progress(), 0.5) << person;
    EXPECT_FALSE(seen->has_score()) << person;
    EXPECT_FALSE(seen->has_computed_score()) << person;
    EXPECT_FALSE(seen->has_grade()) << person;
    EXPECT_EQ(seen->band(), v1::BAND_UNSPECIFIED) << person;
    EXPECT_FALSE(seen->has_score_explanation()) << person;
    const auto objective = company_.ObjectiveScore(person, "hers");
    ASSERT_OK(objective);
    EXPECT_EQ(objective->progress(), 0.5) << person;
    EXPECT_FALSE(objective->has_score()) << person;
    EXPECT_EQ(objective->band(), v1::BAND_UNSPECIFIED) << person;
    EXPECT_FALSE(objective->has_score_explanation()) << person;
  }
}

TEST_F(KeyResultScore, OfARetiredOneHasLeft) {
  company_.MakeObjective("o");
  ASSERT_OK(company_.CheckIn("ben", "o", 50));
  ASSERT_OK(company_.Call<goals::v1::RetireKeyResultRequest>(
      "admin", "name: '$O/objectives/o/keyResults/kr' reason: 'Enough'"));
  const auto score = company_.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_FALSE(score->has_progress());
  EXPECT_FALSE(score->has_score());
}

}  // namespace
}  // namespace okr::testing
