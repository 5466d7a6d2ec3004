#include "services/checkins/domain/due_state.h"

#include <gtest/gtest.h>

namespace okr::checkins {
namespace {

// June 2026 in UTC, with check-ins due on Fridays the 5th, 12th, 19th and 26th, until midnight.
absl::Time At(int day, int hour = 0) {
  return absl::FromCivil(absl::CivilHour(2026, 6, day, hour), absl::UTCTimeZone());
}

class DueStateTest : public ::testing::Test {
 protected:
  static DueDates June() {
    Cycle cycle;
    cycle.start_date = absl::CivilDay(2026, 6, 1);
    cycle.end_date = absl::CivilDay(2026, 6, 30);
    return DueDates(cycle, {}, absl::UTCTimeZone());
  }

  const DueDates dates_ = June();
  const DueState tracked_ = Scheduled({}, &dates_, At(1));
};

TEST_F(DueStateTest, TheFirstCheckInIsDueAfterTrackingBegan) {
  EXPECT_EQ(tracked_.due_time, At(6));
  EXPECT_EQ(Scheduled({}, &dates_, At(10)).due_time, At(13));
  EXPECT_EQ(Scheduled({}, &dates_, At(10)).fire_time(), At(13));
}

TEST_F(DueStateTest, ALaterLookChangesNothing) {
  EXPECT_EQ(Scheduled(tracked_, &dates_, At(20)), tracked_);
}

TEST_F(DueStateTest, ACheckInSatisfiesItsPeriod) {
  EXPECT_EQ(AfterCheckIn(tracked_, dates_, At(1, 9)).due_time, At(13));
  EXPECT_EQ(AfterCheckIn(tracked_, dates_, At(5, 23)).due_time, At(13));
}

TEST_F(DueStateTest, ASecondCheckInOfAPeriodSatisfiesNoMore) {
  const DueState once = AfterCheckIn(tracked_, dates_, At(2));
  EXPECT_EQ(AfterCheckIn(once, dates_, At(3)), once);
}

TEST_F(DueStateTest, ALateCheckInSatisfiesWhatWasMissedAndItsOwnPeriod) {
  EXPECT_EQ(AfterCheckIn(tracked_, dates_, At(7)).due_time, At(20));
  EXPECT_EQ(AfterCheckIn(tracked_, dates_, At(16)).due_time, At(27));
}

TEST_F(DueStateTest, TheOrderOfCheckInsDoesNotMatter) {
  const DueState forward = AfterCheckIn(AfterCheckIn(tracked_, dates_, At(3)), dates_, At(16));
  const DueState backward = AfterCheckIn(AfterCheckIn(tracked_, dates_, At(16)), dates_, At(3));
  EXPECT_EQ(forward, backward);
}

TEST_F(DueStateTest, NothingIsDueAfterTheLastPeriod) {
  const DueState state = AfterCheckIn(tracked_, dates_, At(28));
  EXPECT_EQ(state.due_time, std::nullopt);
  EXPECT_EQ(AfterCheckIn(state, dates_, At(29)).due_time, std::nullopt);
}

TEST_F(DueStateTest, ABackdatedFirstCheckInBeginsTheHistory) {
  const DueState late = Scheduled({}, &dates_, At(20));
  EXPECT_EQ(AfterCheckIn(late, dates_, At(3)).due_time, At(13));
}

TEST_F(DueStateTest, ABackdatedLaterCheckInSatisfiesNothing) {
  const DueState state = AfterCheckIn(tracked_, dates_, At(14));
  EXPECT_EQ(AfterCheckIn(state, dates_, At(2)), state);
}

TEST_F(DueStateTest, TellsOfDueAndOverdueOnce) {
  DueState state = tracked_;
  EXPECT_EQ(Fire(state, At(5, 23)), DueStage::kNone);
  EXPECT_EQ(Fire(state, At(6)), DueStage::kDue);
  EXPECT_EQ(Fire(state, At(7)), DueStage::kNone);
  EXPECT_EQ(state.fire_time(), At(9));
  EXPECT_EQ(Fire(state, At(9)), DueStage::kOverdue);
  EXPECT_EQ(Fire(state, At(30)), DueStage::kNone);
  EXPECT_EQ(state.fire_time(), std::nullopt);
}

TEST_F(DueStateTest, TellsOnlyOfTheLaterAfterALongTime) {
  DueState state = tracked_;
  EXPECT_EQ(Fire(state, At(29)), DueStage::kOverdue);
  EXPECT_EQ(Fire(state, At(30)), DueStage::kNone);
}

TEST_F(DueStateTest, ACheckInEndsBeingOverdue) {
  DueState state = tracked_;
  Fire(state, At(10));
  state = AfterCheckIn(state, dates_, At(10));
  EXPECT_EQ(state.stage, DueStage::kNone);
  EXPECT_EQ(state.due_time, At(20));
}

TEST_F(DueStateTest, WhatIsNotTrackedIsNeverDue) {
  const DueState state = Scheduled(tracked_, nullptr, At(4));
  EXPECT_EQ(state.due_time, std::nullopt);
  EXPECT_EQ(state.fire_time(), std::nullopt);
}

TEST_F(DueStateTest, AnotherScheduleKeepsWhatIsSatisfied) {
  const DueState state = AfterCheckIn(tracked_, dates_, At(3));
  Cycle cycle;
  cycle.start_date = absl::CivilDay(2026, 6, 1);
  cycle.end_date = absl::CivilDay(2026, 6, 30);
  cycle.schedule.weekday = absl::Weekday::monday;
  const DueDates mondays(cycle, {}, absl::UTCTimeZone());
  EXPECT_EQ(Scheduled(state, &mondays, At(4)).due_time, At(9));
}

}  // namespace
}  // namespace okr::checkins
