#include "services/scoring/domain/numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/testing/status_matchers.h"
#include "services/scoring/domain/rounding.h"

namespace okr::scoring {
namespace {

using okr::testing::NamesField;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(CheckNumber, RefusesWhatIsNotFiniteOrTooLarge) {
  for (const double value : {kNaN, kInfinity, -kInfinity, 1.0000000000000002e15, -1.1e15}) {
    EXPECT_THAT(CheckNumber("value", value), NamesField("value")) << value;
  }
}

TEST(CheckNumber, TakesTheLimitsThemselves) {
  EXPECT_EQ(*CheckNumber("value", 1e15), 1e15);
  EXPECT_EQ(*CheckNumber("value", -1e15), -1e15);
}

TEST(CheckNumber, TurnsNegativeZeroIntoZero) {
  EXPECT_FALSE(std::signbit(*CheckNumber("value", -0.0)));
}

TEST(UnitNumber, TakesZeroToOneOnly) {
  EXPECT_EQ(Score::Make("score", 1.0)->value(), 1.0);
  EXPECT_FALSE(std::signbit(Confidence::Make("confidence", -0.0)->value()));
  for (const double value : {-1e-300, 1.0000000000000002, kNaN, kInfinity}) {
    EXPECT_THAT(Confidence::Make("confidence", value), NamesField("confidence")) << value;
  }
}

TEST(UnitNumber, ClampsComputedValues) {
  EXPECT_EQ(Progress::Clamped(-0.5).value(), 0.0);
  EXPECT_EQ(Progress::Clamped(2.0).value(), 1.0);
  EXPECT_FALSE(std::signbit(Progress::Clamped(-0.0).value()));
}

TEST(Weight, IsAboveZero) {
  EXPECT_EQ(Weight().value(), 1.0);
  EXPECT_EQ(Weight::Make("weight", 1e15)->value(), 1e15);
  for (const double value : {0.0, -0.0, -1.0, kNaN, kInfinity, 2e15}) {
    EXPECT_THAT(Weight::Make("weight", value), NamesField("weight")) << value;
  }
}

TEST(RoundForThreshold, BringsASumOfTenthsBackToTheTenth) {
  EXPECT_LT((0.7 + 0.7 + 0.7) / 3, 0.7);
  EXPECT_EQ(RoundForThreshold((0.7 + 0.7 + 0.7) / 3), 0.7);
  EXPECT_EQ(RoundForThreshold(0.6999999994), 0.699999999);
  EXPECT_EQ(RoundForThreshold(0.6999999996), 0.7);
  EXPECT_EQ(RoundForThreshold(-0.0000000006), -0.000000001);
}

struct FormatCase {
  double value;
  const char* text;
};

TEST(FormatScore, RoundsTheShortestDecimalFormHalfAwayFromZero) {
  const FormatCase cases[] = {{0.0, "0.00"},
                              {-0.0, "0.00"},
                              {1.0, "1.00"},
                              {0.7, "0.70"},
                              {0.6999, "0.70"},
                              {0.615, "0.62"},
                              {1.005, "1.01"},
                              {0.285, "0.29"},
                              {0.004, "0.00"},
                              {0.005, "0.01"},
                              {0.995, "1.00"},
                              {9.995, "10.00"},
                              {-0.5, "-0.50"},
                              {-0.005, "-0.01"},
                              {-0.004, "0.00"},
                              {2.675, "2.68"},
                              {1e15, "1000000000000000.00"},
                              {5e-324, "0.00"},
                              {0.0049999999999999999, "0.01"},
                              {0.00499999999999999, "0.00"},
                              {99.999, "100.00"},
                              {0.7913333333333333, "0.79"}};
  for (const FormatCase& c : cases) EXPECT_EQ(FormatScore(c.value), c.text) << c.value;
}

}  // namespace
}  // namespace okr::scoring
