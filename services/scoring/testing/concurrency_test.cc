// Several threads or replicas work on one organization: nothing is missed and nothing happens
// twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/postgres/sqlstate.h"
#include "common/testing/status_matchers.h"
#include "services/scoring/consumers/checkin_events.h"
#include "services/scoring/consumers/goals_events.h"
#include "services/scoring/testing/world.h"

namespace okr::scoring::testing {
namespace {

class Concurrency : public ::testing::Test {
 protected:
  // Applies each event in a transaction of its own, as a consumer of another process would.
  std::thread Consumer(MakeWork make_work, Events events) {
    return std::thread([this, make_work = std::move(make_work), events = std::move(events)] {
      const auto connection = world_.Connect();
      ScoreHandler handler(world_.deps(), make_work);
      for (const okr::events::v1::Event& event : events) {
        const absl::Status status = World::Apply(*connection, handler, {event});
        EXPECT_TRUE(status.ok()) << postgres::LogDetailOf(status);
      }
    });
  }
  std::thread SweepAll() {
    return std::thread([this] {
      const auto connection = world_.Connect();
      Sweeper sweeper({.page = 3}, world_.deps());
      absl::StatusOr<bool> more = true;
      while (more.ok() && *more) more = sweeper.RunOnce(*connection);
      EXPECT_TRUE(more.ok()) << postgres::LogDetailOf(more.status());
    });
  }

  World world_;
};

TEST_F(Concurrency, ConsumersMissNothingOfEachOther) {
  world_.Goals({world_.Objective("top",
                                 [](auto& objective) {
                                   objective.set_roll_up(goals::v1::ROLL_UP_INCLUDE_ALIGNED);
                                 }),
                world_.Objective("leaf",
                                 [](auto& objective) {
                                   objective.add_alignments()->set_parent(Full("objectives/top"));
                                 }),
                world_.KeyResult("leaf/a"), world_.KeyResult("leaf/b")});
  Events goals;
  Events check_ins;
  for (int i = 1; i <= 40; ++i) {
    goals.push_back(
        world_.KeyResult("leaf/a", [i](auto& key_result) { key_result.set_weight(i); }));
    check_ins.push_back(world_.CheckIn("leaf/b", i));
  }
  std::thread of_goals = Consumer(GoalsEvents(8), std::move(goals));
  std::thread of_check_ins = Consumer(CheckInEvents(8), std::move(check_ins));
  of_goals.join();
  of_check_ins.join();
  EXPECT_NEAR(world_.ObjectiveScore("top").progress(), 0.4 * 1 / 41, 1e-12);
  const auto before = world_.ScoreRows();
  world_.Goals({world_.Organization()});
  EXPECT_GT(world_.RunSweeps(), 0);
  EXPECT_EQ(world_.ScoreRows(), before);
}

TEST_F(Concurrency, EachPageOfASweepIsDoneOnce) {
  Events goals;
  for (int i = 0; i < 10; ++i) {
    goals.push_back(world_.Objective(absl::StrCat("o", i)));
    goals.push_back(world_.KeyResult(absl::StrCat("o", i, "/k")));
  }
  world_.Goals(goals);
  world_.Goals({world_.Cycle("q1", directory::v1::CYCLE_STATE_CLOSED)});
  world_.CheckIns({world_.Sealed("q1")});
  world_.NewEvents();
  std::thread one = SweepAll();
  std::thread two = SweepAll();
  one.join();
  two.join();
  const std::vector<std::string> events = world_.NewEvents();
  EXPECT_EQ(std::count(events.begin(), events.end(), "CycleScored cycles/q1"), 1);
  // Each score became final, once.
  EXPECT_EQ(events.size(), 21u);
  EXPECT_EQ(world_.ObjectiveScore("o9").state(), v1::SCORE_STATE_FINAL);
}

}  // namespace
}  // namespace okr::scoring::testing
