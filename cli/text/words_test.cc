#include "cli/text/words.h"

#include <gtest/gtest.h>

namespace okr::cli {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("Zoë"), 3);
  EXPECT_EQ(DisplayWidth("├─ █"), 4);
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth("\x1B[32mon\x1B[0m"), 2);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1);
}

TEST(FitTo, CutsBetweenCharacters) {
  EXPECT_EQ(FitTo("Zoë Müller", 20), "Zoë Müller");
  EXPECT_EQ(FitTo("Zoë Müller", 4), "Zoë…");
}

TEST(FindWrongByte, FindsWhatIsNoUtf8) {
  EXPECT_EQ(FindWrongByte("Zoë 日本 👍"), std::nullopt);
  EXPECT_EQ(FindWrongByte("a\xFF"), 1);
  EXPECT_EQ(FindWrongByte("ab\xC3(c"), 2);
  EXPECT_EQ(FindWrongByte("\xED\xA0\x80"), 0);  // A surrogate.
  EXPECT_EQ(FindWrongByte("\xC0\x80"), 0);      // Too long a form.
}

TEST(OneLine, TakesControlCharactersAway) {
  EXPECT_EQ(OneLine("a\nb\x1B[31mc"), "a b [31mc");
  EXPECT_EQ(OneLine("\xC2\x9Bx"), " x");
  // Behind a byte that is no character, and as one.
  EXPECT_EQ(OneLine("\xC3\x1B[2J"), "  [2J");
  EXPECT_EQ(OneLine("\x9B"
                    "2J"),
            " 2J");
}

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(Nearest("titel", {"name", "title", "owner"}), "title");
  EXPECT_EQ(Nearest("Comitment", {"commitment", "confidence"}), "commitment");
}

TEST(Nearest, GivesUpOnStrangers) {
  EXPECT_EQ(Nearest("zebra", {"name", "title", "owner"}), std::nullopt);
  EXPECT_EQ(DidYouMean("zebra", {"name"}), "");
}

}  // namespace
}  // namespace okr::cli
