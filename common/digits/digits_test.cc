#include "common/digits/digits.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace okr {
namespace {

TEST(ParseDigits, ReadsWhatFits) {
  int32_t small = 0;
  EXPECT_TRUE(ParseDigits("2147483647", &small));
  EXPECT_EQ(small, 2147483647);
  EXPECT_FALSE(ParseDigits("2147483648", &small));
  int64_t large = 0;
  EXPECT_TRUE(ParseDigits("2147483648", &large));
  EXPECT_EQ(large, 2147483648);
}

TEST(ParseDigits, RefusesSpacesSignsAndNothing) {
  for (const char* text : {"", " 5", "5 ", "5\v", "+5", "-5", "-0", "5.0", "0x5"}) {
    int number = 0;
    EXPECT_FALSE(ParseDigits(text, &number)) << text;
  }
}

}  // namespace
}  // namespace okr
