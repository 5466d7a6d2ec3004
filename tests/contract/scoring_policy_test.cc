// GetKeyResultScore: the numbers of the scoring policy, by kind and commitment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/company.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::scoring::v1;

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

}  // namespace
}  // namespace okr::testing
