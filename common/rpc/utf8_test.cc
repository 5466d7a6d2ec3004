#include "common/rpc/utf8.h"

#include <gtest/gtest.h>

namespace okr::rpc {
namespace {

TEST(IsValidUtf8, TakesAllLengthsOfCharacters) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("a\u00e9\u20ac\U0001F600"));
  EXPECT_TRUE(IsValidUtf8(absl::string_view("\0", 1)));
}

TEST(IsValidUtf8, RefusesWhatIsNoCharacter) {
  for (const char* text :
       {"\x80", "\xff", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "a\xc3"}) {
    EXPECT_FALSE(IsValidUtf8(text)) << text;
  }
}

TEST(ToShortText, LeavesShortTextAlone) { EXPECT_EQ(ToShortText("caf\u00e9", 5), "caf\u00e9"); }

TEST(ToShortText, CutsBetweenCharacters) {
  EXPECT_EQ(ToShortText("\u20ac\u20ac\u20ac", 7), "\u20ac...");
  EXPECT_EQ(ToShortText("abcdefgh", 7), "abcd...");
}

TEST(ToShortText, ReplacesWhatIsNoCharacter) { EXPECT_EQ(ToShortText("a\xff\x80z", 20), "a??z"); }

}  // namespace
}  // namespace okr::rpc
