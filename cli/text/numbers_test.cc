#include "cli/text/numbers.h"

#include <gtest/gtest.h>

namespace okr::cli {
namespace {

TEST(TwoDecimals, RoundsHalfAwayFromZeroInTheDecimalForm) {
  EXPECT_EQ(TwoDecimals(0.125), "0.13");
  EXPECT_EQ(TwoDecimals(1.005), "1.01");
  EXPECT_EQ(TwoDecimals(-0.125), "-0.13");
  EXPECT_EQ(TwoDecimals(0.124999), "0.12");
  EXPECT_EQ(TwoDecimals(0.995), "1.00");
  EXPECT_EQ(TwoDecimals(99.999), "100.00");
}

TEST(TwoDecimals, PadsAndKnowsNoNegativeZero) {
  EXPECT_EQ(TwoDecimals(0), "0.00");
  EXPECT_EQ(TwoDecimals(-0.0), "0.00");
  EXPECT_EQ(TwoDecimals(-0.001), "0.00");
  EXPECT_EQ(TwoDecimals(1), "1.00");
  EXPECT_EQ(TwoDecimals(0.7), "0.70");
}

TEST(Percent, RoundsToWholePercent) {
  EXPECT_EQ(Percent(0), "0 %");
  EXPECT_EQ(Percent(1), "100 %");
  EXPECT_EQ(Percent(0.125), "13 %");
  EXPECT_EQ(Percent(0.005), "1 %");
  EXPECT_EQ(Percent(0.0049), "0 %");
  EXPECT_EQ(Percent(0.29), "29 %");
  EXPECT_EQ(Percent(0.999), "100 %");
}

TEST(Shortest, HasNoExponent) {
  EXPECT_EQ(Shortest(1e15), "1000000000000000");
  EXPECT_EQ(Shortest(12.5), "12.5");
  EXPECT_EQ(Shortest(-3), "-3");
  EXPECT_EQ(Shortest(0.1), "0.1");
}

}  // namespace
}  // namespace okr::cli
