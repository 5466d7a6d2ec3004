#include "services/notifications/domain/texts.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace okr::notifications {
namespace {

constexpr int kLongestTitle = 100;  // In code points.

bool BeginsCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string DayInWords(absl::CivilDay day) {
  // %e pads with a space; the day is written without.
  const absl::Time noon = absl::FromCivil(absl::CivilHour(day) + 12, absl::UTCTimeZone());
  return absl::StrCat(absl::FormatTime("%A ", noon, absl::UTCTimeZone()), day.day(),
                      absl::FormatTime(" %B %Y", noon, absl::UTCTimeZone()));
}

std::string InObjective(absl::string_view objective) {
  return absl::StrCat("the objective ", Quoted(objective));
}

std::string Counted(int count, absl::string_view one, absl::string_view many) {
  return count == 1 ? absl::StrCat("one ", one) : absl::StrCat(count, " ", many);
}

bool IsKnown(Status status) {
  return status != Status::kUnspecified && status != Status::kUnmeasured;
}

// Empty where there is nothing to compare with.
std::string Before(Status before) {
  return IsKnown(before) ? absl::StrCat("It was ", WordsOf(before), " before. ") : std::string();
}

}  // namespace

std::string Quoted(absl::string_view title) {
  std::string text;
  int length = 0;
  for (const char c : absl::StripAsciiWhitespace(title)) {
    if (BeginsCodePoint(c) && ++length > kLongestTitle) {
      text.append("...");
      break;
    }
    text.push_back(absl::ascii_iscntrl(static_cast<unsigned char>(c)) ? ' ' : c);
  }
  return absl::StrCat("\"", text, "\"");
}

Text CheckInDue(absl::string_view key_result, absl::string_view objective, absl::CivilDay last_day,
                absl::CivilDay grace_day) {
  return {
      .title = absl::StrCat("Check-in due: ", Quoted(key_result)),
      .body = absl::StrCat("The check-in of this key result of ", InObjective(objective),
                           " was due by the end of ", DayInWords(last_day),
                           ". It becomes stale unless one comes by ", DayInWords(grace_day), ".")};
}

Text CheckInOverdue(absl::string_view key_result, absl::string_view objective,
                    absl::CivilDay last_day) {
  return {.title = absl::StrCat("Check-in overdue: ", Quoted(key_result)),
          .body = absl::StrCat("The check-in of this key result of ", InObjective(objective),
                               " was due by the end of ", DayInWords(last_day),
                               ". It counts as stale until somebody checks in.")};
}

Text KeyResultStatusChanged(absl::string_view key_result, absl::string_view objective,
                            Status before, Status after) {
  return {
      .title = absl::StrCat(Quoted(key_result), " is ", WordsOf(after)),
      .body = absl::StrCat(Before(before), "It is a key result of ", InObjective(objective), ".")};
}

Text ObjectiveStatusChanged(absl::string_view objective, Status before, Status after) {
  return {.title = absl::StrCat(Quoted(objective), " is ", WordsOf(after)),
          .body = absl::StrCat(Before(before),
                               "An objective has the worst status of its key results.")};
}

Text BlockerRaised(absl::string_view key_result, absl::string_view objective, int blockers) {
  return {.title = absl::StrCat("Blocked: ", Quoted(key_result)),
          .body = absl::StrCat("A check-in names ", Counted(blockers, "blocker", "blockers"),
                               " in the way of this key result of ", InObjective(objective), ".")};
}

Text HelpAsked(absl::string_view key_result, absl::string_view objective, Asked asked) {
  return {.title = absl::StrCat(asked == Asked::kPerson ? "Your help is asked for: "
                                                        : "Your team's help is asked for: ",
                                Quoted(key_result)),
          .body = absl::StrCat("A check-in names a blocker in the way of this key result of ",
                               InObjective(objective), ", and asks ",
                               asked == Asked::kPerson ? "you" : "your team", " for help.")};
}

Text AlignedToObjective(absl::string_view child, absl::string_view parent) {
  return {.title = absl::StrCat(Quoted(child), " is aligned to ", Quoted(parent)),
          .body = absl::StrCat("The objective ", Quoted(child), " now serves your objective ",
                               Quoted(parent), ".")};
}

Text AlignedToKeyResult(absl::string_view child, absl::string_view key_result,
                        absl::string_view parent) {
  return {.title = absl::StrCat(Quoted(child), " is aligned to ", Quoted(key_result)),
          .body = absl::StrCat("The objective ", Quoted(child), " now serves the key result ",
                               Quoted(key_result), " of ", InObjective(parent), ".")};
}

Text GradingOpened(absl::string_view cycle, int key_results) {
  return {.title = absl::StrCat("Grading of ", Quoted(cycle), " is open"),
          .body = absl::StrCat("You own ", Counted(key_results, "key result", "key results"),
                               " in this cycle. Until it is closed you can give ",
                               key_results == 1 ? "it" : "them",
                               " another grade than the computed one.")};
}

}  // namespace okr::notifications
