// What each reader sees of scores, scorecards and reports, and what nobody does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/testing/status_matchers.h"
#include "services/scoring/testing/world.h"
#include "services/scoring/transport/reports.h"
#include "services/scoring/transport/scores.h"

namespace okr::scoring::testing {
namespace {

using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::ElementsAre;

class ScoreReads : public ::testing::Test {
 protected:
  ScoreReads() {
    for (const char* id : {"ann", "ben", "cat", "dan", "eve", "fay", "gus", "hal"}) {
      world_.Goals({world_.Person(id)});
    }
  }
  // An objective with one key result at `value` of 100.
  void Make(const std::string& id, const std::string& owner, double value,
            const std::function<void(goals::v1::Objective&)>& change = {}) {
    world_.Goals({world_.Objective(id,
                                   [&](auto& objective) {
                                     objective.set_owner(Full(owner));
                                     if (change) change(objective);
                                   }),
                  world_.KeyResult(id + "/k")});
    world_.CheckIns({world_.CheckIn(id + "/k", value)});
  }
  absl::StatusOr<v1::KeyResultScore> KeyResultScore(const std::string& person,
                                                    const std::string& path) {
    v1::GetKeyResultScoreRequest request;
    request.set_name(Full(KeyResultPath(path)));
    return GetKeyResultScore(world_.reads(), world_.CallOf(person), request);
  }
  absl::StatusOr<v1::ObjectiveScore> ObjectiveScore(const std::string& person,
                                                    const std::string& id) {
    v1::GetObjectiveScoreRequest request;
    request.set_name(Full("objectives/" + id));
    return GetObjectiveScore(world_.reads(), world_.CallOf(person), request);
  }
  v1::TeamScorecard Scorecard(const std::string& team, bool sub_teams = false,
                              const std::string& person = "hal") {
    v1::GetTeamScorecardRequest request;
    request.set_team(Full("teams/" + team));
    request.set_cycle(Full("cycles/q1"));
    request.set_include_sub_teams(sub_teams);
    const auto card = GetTeamScorecard(world_.reads(), world_.CallOf(person), request);
    EXPECT_OK(card);
    return *card;
  }
  v1::CycleReport Report(const std::string& person = "hal") {
    v1::GetCycleReportRequest request;
    request.set_cycle(Full("cycles/q1"));
    const auto report = GetCycleReport(world_.reads(), world_.CallOf(person), request);
    EXPECT_OK(report);
    return *report;
  }

  World world_;
};

TEST_F(ScoreReads, APersonsScoreIsShownToThatPersonAlone) {
  Make("own", "people/ann", 40, [](auto& o) { o.add_shared_with(Full("people/ben")); });
  for (const char* person : {"ann", "ben"}) {
    EXPECT_DOUBLE_EQ(KeyResultScore(person, "own/k")->score(), 0.4);
    EXPECT_DOUBLE_EQ(ObjectiveScore(person, "own")->score(), 0.4);
  }
  for (const char* person : {"cat", "admin"}) {
    const auto key_result = KeyResultScore(person, "own/k");
    ASSERT_OK(key_result);
    EXPECT_DOUBLE_EQ(key_result->progress(), 0.4);
    EXPECT_FALSE(key_result->has_score());
    EXPECT_FALSE(key_result->has_computed_score());
    EXPECT_FALSE(key_result->has_score_explanation());
    EXPECT_EQ(key_result->band(), v1::BAND_UNSPECIFIED);
    const auto objective = ObjectiveScore(person, "own");
    EXPECT_DOUBLE_EQ(objective->progress(), 0.4);
    EXPECT_FALSE(objective->has_score());
    EXPECT_FALSE(objective->has_score_explanation());
  }
}

TEST_F(ScoreReads, WhatIsPrivateIsNotFoundByOthers) {
  Make("secret", "people/ann", 40,
       [](auto& o) { o.set_visibility(goals::v1::VISIBILITY_PRIVATE); });
  EXPECT_OK(ObjectiveScore("ann", "secret"));
  EXPECT_OK(ObjectiveScore("admin", "secret"));
  EXPECT_THAT(ObjectiveScore("ben", "secret"), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(KeyResultScore("ben", "secret/k"), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(ScoreReads, WhatIsNotThereIsNotFound) {
  EXPECT_THAT(ObjectiveScore("ann", "none"), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(KeyResultScore("ann", "none/k"), HasReason("RESOURCE_NOT_FOUND"));
  v1::GetObjectiveScoreRequest wrong;
  wrong.set_name("objectives/o");
  EXPECT_THAT(GetObjectiveScore(world_.reads(), world_.CallOf("ann"), wrong), NamesField("name"));
}

TEST_F(ScoreReads, APrivatePartShowsWhatItContributesOnly) {
  Make("top", "teams/crew", 20, [](auto& o) { o.set_roll_up(goals::v1::ROLL_UP_INCLUDE_ALIGNED); });
  Make("secret", "people/ann", 40, [](auto& o) {
    o.set_visibility(goals::v1::VISIBILITY_PRIVATE);
    o.add_alignments()->set_parent(Full("objectives/top"));
  });
  const auto parts_of = [&](const std::string& person) {
    std::vector<std::string> names;
    const auto score = ObjectiveScore(person, "top");
    for (const auto& part : score->progress_explanation().parts()) names.push_back(part.name());
    EXPECT_NEAR(score->progress(), 0.3, 1e-12);
    return names;
  };
  EXPECT_THAT(parts_of("ann"),
              ElementsAre(Full("objectives/top/keyResults/k"), Full("objectives/secret")));
  EXPECT_THAT(parts_of("ben"), ElementsAre(Full("objectives/top/keyResults/k"), "part 2"));
}

TEST_F(ScoreReads, ATeamOfFiveIsShown) {
  world_.Goals({world_.Team("crew", {"ann", "ben", "cat", "dan", "eve"})});
  Make("a", "teams/crew", 40);
  Make("b", "teams/crew", 90);
  const v1::TeamScorecard card = Scorecard("crew");
  EXPECT_FALSE(card.own().withheld());
  EXPECT_NEAR(card.own().mean_score(), 0.65, 1e-12);
  EXPECT_NEAR(card.own().mean_progress(), 0.65, 1e-12);
  EXPECT_EQ(card.own().objective_count(), 2);
  EXPECT_EQ(card.own().bands_size(), 3);
  EXPECT_EQ(card.own().score_explanation().parts_size(), 2);
  EXPECT_EQ(card.objectives_size(), 2);
  EXPECT_FALSE(card.has_including_sub_teams());
  EXPECT_EQ(card.policy(), "okr-v1");
}

TEST_F(ScoreReads, ATeamOfFourIsWithheld) {
  world_.Goals({world_.Team("crew", {"ann", "ben", "cat", "dan"})});
  Make("a", "teams/crew", 40);
  const v1::TeamScorecard card = Scorecard("crew");
  EXPECT_TRUE(card.own().withheld());
  EXPECT_TRUE(absl::StartsWith(card.own().withheld_reason(), "TOO_FEW_PEOPLE"));
  EXPECT_EQ(card.own().objective_count(), 1);
  EXPECT_FALSE(card.own().has_mean_score());
  EXPECT_FALSE(card.own().has_mean_progress());
  EXPECT_EQ(card.own().status_counts_size(), 0);
  EXPECT_FALSE(card.objectives(0).has_score());
}

TEST_F(ScoreReads, RetiredOnesAreCountedBeside) {
  world_.Goals({world_.Team("crew", {"ann", "ben", "cat", "dan", "eve"})});
  Make("a", "teams/crew", 40);
  Make("b", "teams/crew", 90, [](auto& o) { o.set_state(goals::v1::OBJECTIVE_STATE_RETIRED); });
  Make("c", "teams/crew", 90, [](auto& o) { o.set_state(goals::v1::OBJECTIVE_STATE_DRAFT); });
  const v1::Aggregate own = Scorecard("crew").own();
  EXPECT_EQ(own.objective_count(), 1);
  EXPECT_EQ(own.retired_count(), 1);
  EXPECT_DOUBLE_EQ(own.mean_score(), 0.4);
}

// The attack: ask for the whole, ask for a part, subtract.
TEST_F(ScoreReads, TwoAnswersSubtractedShowNoSmallTeam) {
  world_.Goals({world_.Team("all", {}),
                world_.Team("big", {"ann", "ben", "cat", "dan", "eve"}, "all"),
                world_.Team("small", {"fay", "gus"}, "all")});
  Make("a", "teams/big", 40);
  Make("b", "teams/small", 90);
  const v1::CycleReport report = Report();
  ASSERT_FALSE(report.organization().withheld());
  for (const v1::TeamSummary& team : report.teams()) EXPECT_TRUE(team.own().withheld());
  EXPECT_TRUE(absl::StartsWith(report.teams(0).own().withheld_reason(), "BY_SUBTRACTION"));
  EXPECT_TRUE(Scorecard("big").own().withheld());
  EXPECT_TRUE(Scorecard("big", true).including_sub_teams().withheld());
  EXPECT_TRUE(Scorecard("small", true).including_sub_teams().withheld());
}

// The scores of teams' objectives are open one by one: a mean over them and one person would show
// the person's.
TEST_F(ScoreReads, AMeanMinusOpenScoresShowsNoPersonsScore) {
  world_.Goals({world_.Team("big", {"ann", "ben", "cat", "dan", "eve"})});
  Make("team", "teams/big", 40);
  Make("own", "people/ann", 90);
  EXPECT_TRUE(Report().organization().withheld());
  EXPECT_TRUE(Scorecard("big", true).including_sub_teams().withheld());
  // Nothing of the person is in it.
  EXPECT_FALSE(Scorecard("big").own().withheld());
}

TEST_F(ScoreReads, ScoresOfPersonsAppearAllTogether) {
  world_.Goals({world_.Team("big", {"ann", "ben", "cat", "dan", "eve"})});
  for (const char* id : {"ann", "ben", "cat", "dan", "eve"}) {
    Make(id, absl::StrCat("people/", id), 50 + id[0] % 8);
  }
  const v1::CycleReport report = Report("ann");
  ASSERT_FALSE(report.organization().withheld());
  const v1::Explanation& explanation = report.organization().score_explanation();
  ASSERT_EQ(explanation.parts_size(), 2);
  EXPECT_EQ(explanation.parts(0).name(), Full("objectives/ann"));
  EXPECT_EQ(explanation.parts(1).name(), "4 parts");
  EXPECT_DOUBLE_EQ(explanation.parts(1).weight(), 4);
  EXPECT_NEAR((explanation.parts(0).value() + 4 * explanation.parts(1).value()) / 5,
              report.organization().mean_score(), 1e-12);
}

TEST_F(ScoreReads, AReportKnowsNoPersonsButTeams) {
  world_.Goals({world_.Team("big", {"ann", "ben", "cat", "dan", "eve"})});
  Make("team", "teams/big", 40);
  for (const char* id : {"ann", "ben", "cat", "dan", "eve"}) {
    Make(id, absl::StrCat("people/", id), 50);
  }
  const v1::CycleReport report = Report();
  ASSERT_EQ(report.teams_size(), 1);
  EXPECT_EQ(report.teams(0).team(), Full("teams/big"));
  EXPECT_FALSE(absl::StrContains(report.DebugString(), "people/"));
  EXPECT_EQ(report.organization().scored_count(), 6);
}

TEST_F(ScoreReads, AnUnknownTeamOrCycleIsNotFound) {
  v1::GetTeamScorecardRequest request;
  request.set_team(Full("teams/none"));
  request.set_cycle(Full("cycles/q1"));
  EXPECT_THAT(GetTeamScorecard(world_.reads(), world_.CallOf("ann"), request),
              HasReason("RESOURCE_NOT_FOUND"));
  request.set_cycle(Full("cycles/none"));
  EXPECT_THAT(GetTeamScorecard(world_.reads(), world_.CallOf("ann"), request),
              HasReason("RESOURCE_NOT_FOUND"));
  request.set_team("x");
  request.set_cycle("y");
  const auto wrong = GetTeamScorecard(world_.reads(), world_.CallOf("ann"), request);
  EXPECT_THAT(wrong, NamesField("team"));
  EXPECT_THAT(wrong, NamesField("cycle"));
}

}  // namespace
}  // namespace okr::scoring::testing
