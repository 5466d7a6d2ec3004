#include "common/log/rate_limit.h"

#include <gtest/gtest.h>

namespace okr::log {
namespace {

TEST(RateLimit, LetsTheFirstLinePass) {
  const FakeClock clock;
  RateLimit limit(absl::Seconds(10), clock);
  EXPECT_EQ(limit.Allow(), 0);
}

TEST(RateLimit, CountsWhatItHeldBack) {
  FakeClock clock;
  RateLimit limit(absl::Seconds(10), clock);
  EXPECT_EQ(limit.Allow(), 0);
  EXPECT_EQ(limit.Allow(), std::nullopt);
  EXPECT_EQ(limit.Allow(), std::nullopt);
  clock.Advance(absl::Seconds(10));
  EXPECT_EQ(limit.Allow(), 2);
  clock.Advance(absl::Seconds(10));
  EXPECT_EQ(limit.Allow(), 0);
}

}  // namespace
}  // namespace okr::log
