#include "common/clock/clock.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"

namespace okr {
namespace {

TEST(SystemClock, TellsThePresentTime) {
  const absl::Time before = absl::Now();
  const absl::Time now = SystemClock::Get().Now();
  EXPECT_GE(now, before);
  EXPECT_LE(now, absl::Now());
}

TEST(FakeClock, StandsStill) {
  const FakeClock clock(absl::FromUnixSeconds(10));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(10));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(10));
}

TEST(FakeClock, MovesWhenTold) {
  FakeClock clock(absl::FromUnixSeconds(10));
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(15));
  clock.Set(absl::FromUnixSeconds(3));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(3));
}

}  // namespace
}  // namespace okr
