#include "services/checkins/consumers/due_timer.h"

#include <thread>

#include "common/resources/messages.h"
#include "services/checkins/test_support.h"

namespace okr::checkins {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kRevenue[] = "objectives/grow/keyResults/revenue";
constexpr char kLaunch[] = "objectives/grow/keyResults/launch";

class DueTimerTest : public CheckinsTest {
 protected:
  DueTimerTest() { Tick(); }

  void Tick() { EXPECT_OK(timer_.Turn()); }
  void TickAt(absl::Time now) {
    clock_.Set(now);
    Tick();
  }

  DueTimer timer_{{}, clock_, *lists_, *writer_};
};

std::string Due(const std::string& key_result) { return "CheckInDue " + key_result; }
std::string Overdue(const std::string& key_result) { return "CheckInOverdue " + key_result; }

TEST_F(DueTimerTest, TellsWhatIsDueAndThenOverdueOnce) {
  TickAt(At(4, 23));
  EXPECT_THAT(Events(), IsEmpty());
  TickAt(At(5));
  TickAt(At(6));
  EXPECT_THAT(Events(), ElementsAre(Due(kLaunch), Due(kRevenue)));
  TickAt(At(8));
  TickAt(At(20));
  EXPECT_THAT(Events(),
              ElementsAre(Due(kLaunch), Due(kRevenue), Overdue(kLaunch), Overdue(kRevenue)));
}

TEST_F(DueTimerTest, ACheckInMovesTheDueTime) {
  ASSERT_OK(Submit("ann", Request()));
  TickAt(At(6));
  EXPECT_EQ(Events().back(), Due(kLaunch));
  TickAt(At(12));
  EXPECT_EQ(Events().back(), Due(kRevenue));
}

TEST_F(DueTimerTest, AfterAStandstillEachKeyResultGetsOneEvent) {
  TickAt(At(29));
  EXPECT_THAT(Events(), ElementsAre(Overdue(kLaunch), Overdue(kRevenue)));
}

TEST_F(DueTimerTest, TwoTimersTellEverythingOnce) {
  for (int i = 0; i < 40; ++i) {
    KeyResult more = revenue_;
    more.name = KeyResultName(grow_.name, absl::StrCat("more-", i));
    Publish(more);
  }
  Tick();
  clock_.Set(At(5));
  const std::unique_ptr<store::Writer> writer = MakeWriter();
  DueTimer other({.page = 7, .at_once = 3}, clock_, *lists_, *writer);
  std::thread thread([&] { EXPECT_OK(other.Turn()); });
  Tick();
  thread.join();
  EXPECT_EQ(Events().size(), 42);
  EXPECT_THAT(Query("SELECT count(DISTINCT subject) FROM okr_checkins.event_log"),
              ElementsAre("42"));
}

TEST_F(DueTimerTest, AnotherScheduleCountsFromNowOn) {
  Cycle mondays = june_;
  mondays.schedule.weekday = absl::Weekday::monday;
  Publish(mondays);
  Tick();
  TickAt(At(5));
  EXPECT_THAT(Events(), IsEmpty());
  TickAt(At(8));
  EXPECT_THAT(Events(), ElementsAre(Due(kLaunch), Due(kRevenue)));
}

TEST_F(DueTimerTest, AnotherTimeZoneCountsFromNowOn) {
  Organization moved = acme_;
  moved.time_zone = "America/New_York";
  Publish(moved);
  TickAt(At(5));
  EXPECT_THAT(Events(), IsEmpty());
  TickAt(At(5, 4));
  EXPECT_EQ(Events().size(), 2);
}

TEST_F(DueTimerTest, WhatIsRetiredOrInACycleThatIsNotActiveIsNotDue) {
  KeyResult retired = launch_;
  retired.state = KeyResultState::kRetired;
  Publish(retired);
  TickAt(At(5));
  EXPECT_THAT(Events(), ElementsAre(Due(kRevenue)));
  Cycle grading = june_;
  grading.state = CycleState::kGrading;
  Publish(grading);
  TickAt(At(20));
  EXPECT_THAT(Events(), ElementsAre(Due(kRevenue)));
}

TEST_F(DueTimerTest, WhatIsActivatedLateIsDueAfterThat) {
  Objective late = grow_;
  late.name = ObjectiveName(acme_.name, "late");
  late.state = ObjectiveState::kDraft;
  Publish(late);
  KeyResult key_result = revenue_;
  key_result.name = KeyResultName(late.name, "k");
  Publish(key_result);
  ASSERT_OK(Submit("ann", Request()));
  v1::CheckIn done;
  done.mutable_milestones_done();
  ASSERT_OK(Submit("bob", Request("launch", done)));
  TickAt(At(7));
  EXPECT_EQ(Events().size(), 2);
  late.state = ObjectiveState::kActive;
  Publish(late);
  TickAt(At(7, 1));
  EXPECT_EQ(Events().size(), 2);
  TickAt(At(12));
  EXPECT_EQ(Events().size(), 5);
}

TEST_F(DueTimerTest, EventsOfPrivateObjectivesAreMarked) {
  Objective secret = grow_;
  secret.visibility = Visibility::kPrivate;
  Publish(secret);
  TickAt(At(5));
  EXPECT_THAT(Query("SELECT DISTINCT private FROM okr_checkins.event_log"), ElementsAre("true"));
}

TEST_F(DueTimerTest, LooksByItselfWhenWoken) {
  clock_.Set(At(5));
  DueTimer running({.interval = absl::Hours(1)}, clock_, *lists_, *writer_);
  running.Start();
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (Events().size() < 2 && absl::Now() < deadline) std::this_thread::yield();
  EXPECT_EQ(Events().size(), 2);
  clock_.Set(At(8));
  running.Wake();
  while (Events().size() < 4 && absl::Now() < deadline) std::this_thread::yield();
  EXPECT_EQ(Events().size(), 4);
}

}  // namespace
}  // namespace okr::checkins
