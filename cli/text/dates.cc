#include "cli/text/dates.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/digits/digits.h"
#include "common/status/macros.h"

namespace okr::cli {
namespace {

constexpr int kMaxOffset = 36500;  // A hundred years of days.
constexpr int kMorning = 9;

absl::Status NoDay(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no day; write 2026-01-31, today, -120d, today+30d or +6w"));
}

// Whether `text` has a digit for each 0 of `form`, and its other characters.
bool HasForm(absl::string_view text, absl::string_view form) {
  return absl::c_equal(text, form, [](char c, char expected) {
    return expected == '0' ? absl::ascii_isdigit(c) : c == expected;
  });
}

// As google.protobuf.Timestamp has them: of the years 1 to 9999.
bool IsTimestamp(absl::Time time) {
  return time >= absl::FromCivil(absl::CivilDay(1, 1, 1), absl::UTCTimeZone()) &&
         time < absl::FromCivil(absl::CivilDay(10000, 1, 1), absl::UTCTimeZone());
}

// Days of "-120d" or "+6w".
std::optional<int> Offset(absl::string_view text) {
  if (text.size() < 3 || (text[0] != '-' && text[0] != '+')) return std::nullopt;
  const char unit = text.back();
  int count = 0;
  if ((unit != 'd' && unit != 'w') || !ParseDigits(text.substr(1, text.size() - 2), &count) ||
      count > kMaxOffset) {
    return std::nullopt;
  }
  return (text[0] == '-' ? -1 : 1) * count * (unit == 'w' ? 7 : 1);
}

std::optional<std::pair<int, int>> HourAndMinute(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  int hour = 0;
  int minute = 0;
  if (parts.size() != 2 || parts[0].size() > 2 || parts[1].size() != 2 ||
      !ParseDigits(parts[0], &hour) || !ParseDigits(parts[1], &minute) || hour > 23 ||
      minute > 59) {
    return std::nullopt;
  }
  return std::make_pair(hour, minute);
}

}  // namespace

bool IsRelativeDay(absl::string_view text) {
  return absl::StartsWith(text, "today") || absl::StartsWith(text, "-") ||
         absl::StartsWith(text, "+");
}

absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text, absl::CivilDay today) {
  if (IsRelativeDay(text)) {
    absl::string_view rest = text;
    if (absl::ConsumePrefix(&rest, "today") && rest.empty()) return today;
    const auto offset = Offset(rest);
    if (!offset.has_value()) return NoDay(text);
    return today + *offset;
  }
  absl::CivilDay day;
  // ParseCivilTime also takes "2026-1-5" and spaces, which some other reader would not.
  if (!HasForm(text, "0000-00-00") || !absl::ParseCivilTime(text, &day) || day.year() < 1) {
    return NoDay(text);
  }
  return day;
}

absl::StatusOr<absl::Time> ParseTime(absl::string_view text, const Moment& moment) {
  if (text == "now") return moment.now;
  absl::Time time;
  std::string ignored;
  if (!text.empty() && absl::ascii_isdigit(text[0]) &&
      absl::ParseTime(absl::RFC3339_full, text, &time, &ignored) && IsTimestamp(time)) {
    return time;
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits(' ', 1));
  OKR_ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDay(parts[0], moment.today));
  if (parts.size() == 1) {
    return std::min(moment.now, absl::FromCivil(absl::CivilHour(day) + kMorning, moment.zone));
  }
  const auto clock = HourAndMinute(parts[1]);
  if (!clock.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" has no time of day such as 14:30 after the day"));
  }
  return absl::FromCivil(absl::CivilMinute(absl::CivilHour(day) + clock->first) + clock->second,
                         moment.zone);
}

absl::StatusOr<absl::Time> ParseEnd(absl::string_view text, const Moment& moment) {
  const auto day = ParseDay(text, moment.today);
  if (!day.ok()) return ParseTime(text, moment);
  return absl::FromCivil(*day + 1, moment.zone);
}

absl::StatusOr<absl::Duration> ParseSpan(absl::string_view text) {
  const absl::Status wrong = absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no span of time; write 3d, 12h or 90m"));
  int days = 0;
  if (absl::EndsWith(text, "d")) {
    const absl::string_view digits = text.substr(0, text.size() - 1);
    if (!ParseDigits(digits, &days) || days > kMaxOffset) return wrong;
    return absl::Hours(24) * days;
  }
  absl::Duration span;
  if (!absl::ParseDuration(text, &span) || span < absl::ZeroDuration() ||
      span > absl::Hours(24) * kMaxOffset) {
    return wrong;
  }
  return span;
}

}  // namespace okr::cli
