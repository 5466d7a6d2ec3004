// GetKeyResultScore: which check-in counts, how the numbers come about, and who sees them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::scoring::v1;
using ::testing::ElementsAre;

constexpr absl::Duration kDay = absl::Hours(24);

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
