// What check-ins and changed goals do to key results, objectives and ancestors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/resources/messages.h"
#include "common/testing/status_matchers.h"
#include "services/scoring/testing/world.h"

namespace okr::scoring::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

void Includes(goals::v1::Objective& objective) {
  objective.set_roll_up(goals::v1::ROLL_UP_INCLUDE_ALIGNED);
}

// Makes an objective serve others, each with a weight.
auto Serves(std::vector<std::pair<std::string, double>> parents) {
  return [parents = std::move(parents)](goals::v1::Objective& objective) {
    objective.clear_alignments();
    for (const auto& [parent, weight] : parents) {
      goals::v1::Alignment& added = *objective.add_alignments();
      added.set_parent(Full("objectives/" + parent));
      added.set_weight(weight);
    }
  };
}

class ScoreChanges : public ::testing::Test {
 protected:
  World world_;
};

TEST_F(ScoreChanges, ACheckInMovesKeyResultAndObjective) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  world_.NewEvents();
  world_.CheckIns({world_.CheckIn("o/k", 40)});
  EXPECT_DOUBLE_EQ(world_.KeyResultScore("o/k").progress(), 0.4);
  EXPECT_DOUBLE_EQ(world_.KeyResultScore("o/k").score(), 0.4);
  EXPECT_EQ(world_.KeyResultScore("o/k").state(), v1::SCORE_STATE_PROVISIONAL);
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("o").progress(), 0.4);
  EXPECT_THAT(world_.NewEvents(), ElementsAre("KeyResultScoreChanged objectives/o/keyResults/k",
                                              "KeyResultStatusChanged objectives/o/keyResults/k",
                                              "ObjectiveScoreChanged objectives/o",
                                              "ObjectiveStatusChanged objectives/o"));
}

TEST_F(ScoreChanges, ANewKeyResultIsUnmeasured) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  const v1::KeyResultScore score = world_.KeyResultScore("o/k");
  EXPECT_EQ(score.status(), v1::STATUS_UNMEASURED);
  EXPECT_EQ(score.progress(), 0);
  EXPECT_FALSE(score.has_raw_progress());
  EXPECT_FALSE(score.has_attainment());
  EXPECT_EQ(score.progress_explanation().formula(), "unmeasured_progress/1");
  EXPECT_EQ(world_.ObjectiveScore("o").status(), v1::STATUS_UNMEASURED);
}

TEST_F(ScoreChanges, ACheckInThatComesBeforeItsKeyResultCountsWithIt) {
  world_.CheckIns({world_.CheckIn("o/k", 40)});
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("o").progress(), 0.4);
}

TEST_F(ScoreChanges, TheSameEventAgainChangesNothing) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  const Events check_in = {world_.CheckIn("o/k", 40)};
  world_.CheckIns(check_in);
  world_.NewEvents();
  world_.CheckIns(check_in);
  EXPECT_THAT(world_.NewEvents(), IsEmpty());
}

TEST_F(ScoreChanges, AnOlderVersionChangesNothing) {
  world_.Goals({world_.Objective("o")});
  const Events old = {world_.KeyResult("o/k")};
  const Events young = {
      world_.KeyResult("o/k", [](auto& k) { k.mutable_metric()->set_target(50); })};
  world_.Goals(young);
  world_.CheckIns({world_.CheckIn("o/k", 25)});
  world_.Goals(old);
  EXPECT_DOUBLE_EQ(world_.KeyResultScore("o/k").progress(), 0.5);
}

TEST_F(ScoreChanges, CheckInsInAnyOrderGiveTheSame) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  const auto first = world_.CheckIn("o/k", 10);
  const auto second = world_.CheckIn("o/k", 20);
  world_.CheckIns({second});
  world_.CheckIns({first});
  EXPECT_DOUBLE_EQ(world_.KeyResultScore("o/k").progress(), 0.2);
}

TEST_F(ScoreChanges, ACorrectionTakesThePlaceOfWhatItCorrects) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  const auto wrong = world_.CheckIn("o/k", 90);
  world_.CheckIns({wrong, world_.CheckIn("o/k", 30, [&](checkins::v1::CheckIn& check_in) {
                     check_in.set_corrects(wrong.subject());
                   })});
  EXPECT_DOUBLE_EQ(world_.KeyResultScore("o/k").progress(), 0.3);
}

TEST_F(ScoreChanges, ProgressGoesUpToAllAncestorsByTheirWeights) {
  world_.Goals({world_.Objective("top", Includes), world_.KeyResult("top/k"),
                world_.Objective("left", Includes), world_.Objective("right", Includes),
                world_.Objective("leaf"), world_.KeyResult("leaf/k")});
  world_.Goals({world_.Objective("left", Serves({{"top", 3}})),
                world_.Objective("right", Serves({{"top", 1}})),
                world_.Objective("leaf", Serves({{"left", 1}, {"right", 2}}))});
  world_.NewEvents();
  world_.CheckIns({world_.CheckIn("leaf/k", 80)});
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("left").progress(), 0.8);
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("right").progress(), 0.8);
  // (0 * 1 + 0.8 * 3 + 0.8 * 1) / 5.
  EXPECT_NEAR(world_.ObjectiveScore("top").progress(), 0.64, 1e-12);
  const std::vector<std::string> events = world_.NewEvents();
  EXPECT_EQ(std::count(events.begin(), events.end(), "ObjectiveScoreChanged objectives/top"), 1);
}

TEST_F(ScoreChanges, ScoresDoNotRollUp) {
  world_.Goals({world_.Objective("top", Includes), world_.Objective("leaf", Serves({{"top", 1}})),
                world_.KeyResult("leaf/k")});
  world_.CheckIns({world_.CheckIn("leaf/k", 80)});
  EXPECT_FALSE(world_.ObjectiveScore("top").has_score());
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("top").progress(), 0.8);
}

TEST_F(ScoreChanges, WhatIsUnalignedLeaves) {
  world_.Goals({world_.Objective("top", Includes), world_.Objective("leaf", Serves({{"top", 1}})),
                world_.KeyResult("leaf/k")});
  world_.Goals({world_.Objective("leaf", Serves({}))});
  EXPECT_FALSE(world_.ObjectiveScore("top").has_progress());
}

TEST_F(ScoreChanges, RetiredAndDeletedOnesLeaveWithTheirWeight) {
  world_.Goals({world_.Objective("top", Includes), world_.Objective("a", Serves({{"top", 1}})),
                world_.KeyResult("a/k"), world_.Objective("b", Serves({{"top", 1}})),
                world_.KeyResult("b/k"), world_.KeyResult("b/gone")});
  world_.CheckIns({world_.CheckIn("b/k", 60)});
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("top").progress(), 0.15);
  world_.Goals({world_.KeyResult("b/gone", [](auto& k) { k.mutable_delete_time(); })});
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("top").progress(), 0.3);
  world_.Goals(
      {world_.Objective("a", [](auto& o) { o.set_state(goals::v1::OBJECTIVE_STATE_RETIRED); })});
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("top").progress(), 0.6);
}

TEST_F(ScoreChanges, AnObjectiveThatBeginsToIncludeItsChildrenKnowsTheirProgress) {
  world_.Goals({world_.Objective("top"), world_.Objective("leaf", Serves({{"top", 1}})),
                world_.KeyResult("leaf/k")});
  world_.CheckIns({world_.CheckIn("leaf/k", 80)});
  EXPECT_FALSE(world_.ObjectiveScore("top").has_progress());
  world_.Goals({world_.Objective("top", Includes)});
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("top").progress(), 0.8);
}

TEST_F(ScoreChanges, TheOrganizationsDefaultDecidesWhereTheObjectiveDoesNotSay) {
  world_.Goals({world_.Objective("top"), world_.Objective("leaf", Serves({{"top", 1}})),
                world_.KeyResult("leaf/k")});
  world_.CheckIns({world_.CheckIn("leaf/k", 80)});
  world_.Goals({world_.Organization(
      [](auto& o) { o.set_default_roll_up(goals::v1::ROLL_UP_INCLUDE_ALIGNED); })});
  world_.RunSweeps();
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("top").progress(), 0.8);
}

TEST_F(ScoreChanges, AChangedCommitmentChangesTheKeyResults) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  world_.CheckIns({world_.CheckIn("o/k", 80)});
  world_.Goals(
      {world_.Objective("o", [](auto& o) { o.set_commitment(goals::v1::COMMITMENT_COMMITTED); })});
  EXPECT_EQ(world_.KeyResultScore("o/k").score(), 0);
  EXPECT_EQ(world_.ObjectiveScore("o").score(), 0);
  EXPECT_FALSE(world_.ObjectiveScore("o").missed_promise());
}

TEST_F(ScoreChanges, WhatTheOwnerSaysStandsBesideTheComputed) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  world_.CheckIns({world_.CheckIn("o/k", 80, [](checkins::v1::CheckIn& check_in) {
    check_in.set_confidence(0.2);
    check_in.mutable_stated_status()->set_status(v1::STATUS_AT_RISK);
    check_in.mutable_stated_status()->set_reason("The supplier is late");
  })});
  const v1::KeyResultScore score = world_.KeyResultScore("o/k");
  EXPECT_EQ(score.status(), v1::STATUS_ON_TRACK);
  EXPECT_EQ(score.stated_status(), v1::STATUS_AT_RISK);
  EXPECT_EQ(score.stated_status_reason(), "The supplier is late");
  EXPECT_DOUBLE_EQ(score.confidence(), 0.2);
}

TEST_F(ScoreChanges, EventsOfManyKeyResultsAreOneRun) {
  Events goals = {world_.Objective("o")};
  Events check_ins;
  for (int i = 0; i < 50; ++i) goals.push_back(world_.KeyResult(absl::StrCat("o/k", i)));
  for (int i = 0; i < 50; ++i) check_ins.push_back(world_.CheckIn(absl::StrCat("o/k", i), 50));
  world_.Goals(goals);
  world_.NewEvents();
  world_.CheckIns(check_ins);
  EXPECT_DOUBLE_EQ(world_.ObjectiveScore("o").progress(), 0.5);
  const std::vector<std::string> events = world_.NewEvents();
  EXPECT_EQ(std::count(events.begin(), events.end(), "ObjectiveScoreChanged objectives/o"), 1);
}

TEST_F(ScoreChanges, APayloadThatCannotBeReadIsRefused) {
  okr::events::v1::Event event = world_.CheckIn("o/k", 1);
  event.mutable_data()->set_value("\xff\xff");
  EXPECT_THAT(world_.TryCheckIns({event}),
              okr::testing::HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(ScoreChanges, AnOverdueCheckInIsStaleAfterTheGrace) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  world_.CheckIns({world_.CheckIn("o/k", 80)});
  world_.CheckIns({world_.Due("o/k", world_.clock().Now())});
  EXPECT_EQ(world_.KeyResultScore("o/k").status(), v1::STATUS_ON_TRACK);
  world_.NewEvents();
  world_.clock().Advance(absl::Hours(4 * 24));
  EXPECT_GT(world_.RunSweeps(), 0);
  EXPECT_EQ(world_.KeyResultScore("o/k").status(), v1::STATUS_STALE);
  EXPECT_THAT(world_.NewEvents(),
              UnorderedElementsAre("KeyResultStatusChanged objectives/o/keyResults/k",
                                   "ObjectiveScoreChanged objectives/o",
                                   "ObjectiveStatusChanged objectives/o"));
}

TEST_F(ScoreChanges, PaceIsEvaluatedOnceEachDay) {
  world_.Goals({world_.Objective("o"), world_.KeyResult("o/k")});
  world_.CheckIns({world_.CheckIn("o/k", 50)});
  EXPECT_EQ(world_.KeyResultScore("o/k").status(), v1::STATUS_ON_TRACK);
  EXPECT_EQ(world_.RunSweeps(), 0);
  world_.clock().Advance(absl::Hours(11));
  EXPECT_EQ(world_.RunSweeps(), 0);
  world_.clock().Advance(absl::Hours(24 * 40));
  EXPECT_GT(world_.RunSweeps(), 0);
  EXPECT_EQ(world_.KeyResultScore("o/k").status(), v1::STATUS_AT_RISK);
  EXPECT_EQ(world_.RunSweeps(), 0);
}

}  // namespace
}  // namespace okr::scoring::testing
