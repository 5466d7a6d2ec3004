#include "services/notifications/domain/texts.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace okr::notifications {

void PrintTo(const Text& text, std::ostream* out) { *out << text.title << " | " << text.body; }

namespace {

constexpr absl::CivilDay kFriday(2026, 11, 6);

TEST(Texts, CheckInDue) {
  EXPECT_EQ(CheckInDue("Hire 6", "Grow", kFriday, kFriday + 3),
            (Text{"Check-in due: \"Hire 6\"",
                  "The check-in of this key result of the objective \"Grow\" was due by the end "
                  "of Friday 6 November 2026. It becomes stale unless one comes by Monday 9 "
                  "November 2026."}));
}

TEST(Texts, CheckInOverdue) {
  EXPECT_EQ(CheckInOverdue("Hire 6", "Grow", kFriday),
            (Text{"Check-in overdue: \"Hire 6\"",
                  "The check-in of this key result of the objective \"Grow\" was due by the end of "
                  "Friday 6 November 2026. It counts as stale until somebody checks in."}));
}

TEST(Texts, KeyResultStatusChanged) {
  EXPECT_EQ(KeyResultStatusChanged("Hire 6", "Grow", Status::kOnTrack, Status::kAtRisk),
            (Text{"\"Hire 6\" is at risk",
                  "It was on track before. It is a key result of the objective \"Grow\"."}));
}

TEST(Texts, StatusWithoutOneBefore) {
  EXPECT_EQ(KeyResultStatusChanged("Hire 6", "Grow", Status::kUnmeasured, Status::kDone),
            (Text{"\"Hire 6\" is done", "It is a key result of the objective \"Grow\"."}));
}

TEST(Texts, ObjectiveStatusChanged) {
  EXPECT_EQ(ObjectiveStatusChanged("Grow", Status::kAtRisk, Status::kOffTrack),
            (Text{"\"Grow\" is off track",
                  "It was at risk before. An objective has the worst status of its key results."}));
}

TEST(Texts, BlockerRaised) {
  EXPECT_EQ(BlockerRaised("Hire 6", "Grow", 2),
            (Text{"Blocked: \"Hire 6\"",
                  "A check-in names 2 blockers in the way of this key result of the objective "
                  "\"Grow\"."}));
  EXPECT_EQ(
      BlockerRaised("Hire 6", "Grow", 1).body,
      "A check-in names one blocker in the way of this key result of the objective \"Grow\".");
}

TEST(Texts, HelpAsked) {
  EXPECT_EQ(HelpAsked("Hire 6", "Grow", Asked::kPerson),
            (Text{"Your help is asked for: \"Hire 6\"",
                  "A check-in names a blocker in the way of this key result of the objective "
                  "\"Grow\", and asks you for help."}));
  EXPECT_EQ(HelpAsked("Hire 6", "Grow", Asked::kTeam).title,
            "Your team's help is asked for: \"Hire 6\"");
}

TEST(Texts, AlignedToObjective) {
  EXPECT_EQ(AlignedToObjective("Win Spain", "Grow"),
            (Text{"\"Win Spain\" is aligned to \"Grow\"",
                  "The objective \"Win Spain\" now serves your objective \"Grow\"."}));
}

TEST(Texts, AlignedToKeyResult) {
  EXPECT_EQ(AlignedToKeyResult("Win Spain", "Hire 6", "Grow"),
            (Text{"\"Win Spain\" is aligned to \"Hire 6\"",
                  "The objective \"Win Spain\" now serves the key result \"Hire 6\" of the "
                  "objective \"Grow\"."}));
}

TEST(Texts, GradingOpened) {
  EXPECT_EQ(GradingOpened("2026 Q4", 3),
            (Text{"Grading of \"2026 Q4\" is open",
                  "You own 3 key results in this cycle. Until it is closed you can give them "
                  "another grade than the computed one."}));
  EXPECT_EQ(GradingOpened("2026 Q4", 1).body,
            "You own one key result in this cycle. Until it is closed you can give it another "
            "grade than the computed one.");
}

TEST(Quoted, HasOneLine) { EXPECT_EQ(Quoted(" a\nb\r\tc "), "\"a b  c\""); }

TEST(Quoted, CutsBetweenCharacters) {
  std::string umlauts;
  for (int i = 0; i < 101; ++i) umlauts += "\xC3\xBC";
  EXPECT_EQ(Quoted(umlauts), "\"" + umlauts.substr(0, 200) + "...\"");
}

TEST(Quoted, KeepsWhatIsJustShortEnough) {
  EXPECT_EQ(Quoted(std::string(100, 'x')), "\"" + std::string(100, 'x') + "\"");
}

}  // namespace
}  // namespace okr::notifications
