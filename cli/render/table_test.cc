#include "cli/render/table.h"

#include <gtest/gtest.h>

namespace okr::cli {
namespace {

TEST(Table, AlignsByDisplayedWidth) {
  Table table({"name", "score"});
  table.AlignRight(1);
  table.Add({"Zoë", "0.70"});
  table.Add({"Bartholomew", "1"});
  EXPECT_EQ(table.ToText(false),
            "NAME         SCORE\n"
            "Zoë           0.70\n"
            "Bartholomew      1\n");
}

TEST(Table, MakesOneLineOfEachCellAndCutsIt) {
  Table table({"note"}, 8);
  table.Add({"line one\nline two"});
  EXPECT_EQ(table.ToText(false), "NOTE\nline on…\n");
}

TEST(Table, HasNoBlanksAtTheEndOfLines) {
  Table table({"a", "b"});
  table.Add({"x", ""});
  EXPECT_EQ(table.ToText(false), "A  B\nx\n");
}

TEST(Table, ColoursDoNotChangeTheWidths) {
  Table table({"a", "b"});
  table.Add({Cell("ON_TRACK", Colour::kGreen), "x"});
  EXPECT_EQ(table.ToText(true),
            "\x1B[1mA\x1B[0m         \x1B[1mB\x1B[0m\n\x1B[32mON_TRACK\x1B[0m  x\n");
}

}  // namespace
}  // namespace okr::cli
