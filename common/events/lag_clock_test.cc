#include "common/events/lag_clock.h"

#include <gtest/gtest.h>

namespace okr::events {
namespace {

LogPosition At(int64_t position) { return {.epoch = 1, .position = position}; }
absl::Time Second(int second) { return absl::UnixEpoch() + absl::Seconds(second); }

TEST(LagClock, RunsWhileSomethingWaits) {
  LagClock lag;
  lag.Update(At(3), At(3), Second(1));
  EXPECT_FALSE(lag.since().has_value());
  lag.Update(At(3), At(4), Second(2));
  lag.Update(At(3), At(9), Second(5));
  EXPECT_EQ(lag.since(), Second(2));
  lag.Update(At(9), At(9), Second(6));
  EXPECT_FALSE(lag.since().has_value());
}

TEST(LagClock, BeginsAnewWhenWhatWaitedFirstIsThere) {
  LagClock lag;
  lag.Update(At(0), At(5), Second(1));
  lag.Update(At(4), At(8), Second(2));
  EXPECT_EQ(lag.since(), Second(1));
  lag.Update(At(5), At(9), Second(3));
  EXPECT_EQ(lag.since(), Second(3));
}

}  // namespace
}  // namespace okr::events
