#include "common/backoff/backoff.h"

#include <gtest/gtest.h>

namespace okr {
namespace {

constexpr Backoff::Options kOptions{.initial = absl::Seconds(1), .longest = absl::Seconds(3)};

TEST(Backoff, DoublesUpToItsLongest) {
  Backoff backoff(kOptions, [] { return 1.0; });
  EXPECT_EQ(backoff.Failed(), absl::Seconds(1));
  EXPECT_EQ(backoff.Failed(), absl::Seconds(2));
  EXPECT_EQ(backoff.Failed(), absl::Seconds(3));
  EXPECT_EQ(backoff.Failed(), absl::Seconds(3));
}

TEST(Backoff, SpreadsOverTheUpperHalf) {
  Backoff backoff(kOptions, [] { return 0.0; });
  EXPECT_EQ(backoff.Failed(), absl::Milliseconds(500));
}

TEST(Backoff, BeginsAnewAfterASuccess) {
  Backoff backoff(kOptions, [] { return 1.0; });
  backoff.Failed();
  backoff.Succeeded();
  EXPECT_EQ(backoff.Failed(), absl::Seconds(1));
}

}  // namespace
}  // namespace okr
