#include "cli/text/dates.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::cli {
namespace {

constexpr absl::CivilDay kToday(2026, 3, 1);

absl::CivilDay Day(absl::string_view text) { return ParseDay(text, kToday).value(); }

TEST(ParseDay, ReadsAbsoluteDays) { EXPECT_EQ(Day("2026-01-31"), absl::CivilDay(2026, 1, 31)); }

TEST(ParseDay, CountsFromToday) {
  EXPECT_EQ(Day("today"), kToday);
  EXPECT_EQ(Day("-1d"), absl::CivilDay(2026, 2, 28));
  EXPECT_EQ(Day("today+30d"), absl::CivilDay(2026, 3, 31));
  EXPECT_EQ(Day("today-2w"), absl::CivilDay(2026, 2, 15));
  EXPECT_EQ(Day("+6w"), absl::CivilDay(2026, 4, 12));
}

TEST(ParseDay, RefusesWhatIsNoDay) {
  for (const char* text : {"", "tomorrow", "2026-02-30", "2026-1-5", "-d", "-5", "--5d", "today5d",
                           "-99999999999d", "2026-01-31x", "-1.5d", "-125\v d", "+5 d", "+ 5d",
                           " 2026-1-05", "12026-1-05", "0000-01-01"}) {
    EXPECT_FALSE(ParseDay(text, kToday).ok()) << text;
  }
}

Moment At(absl::string_view now) {
  Moment moment{.today = kToday, .zone = absl::FixedTimeZone(3600)};
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, now, &moment.now, &error)) << error;
  return moment;
}

std::string Text(const absl::StatusOr<absl::Time>& time) {
  return absl::FormatTime(absl::RFC3339_sec, time.value(), absl::UTCTimeZone());
}

TEST(ParseTime, ADayIsItsMorning) {
  EXPECT_EQ(Text(ParseTime("-1d", At("2026-03-01T12:00:00Z"))), "2026-02-28T08:00:00+00:00");
}

TEST(ParseTime, ADayIsNeverLaterThanNow) {
  EXPECT_EQ(Text(ParseTime("today", At("2026-03-01T05:00:00Z"))), "2026-03-01T05:00:00+00:00");
}

TEST(ParseEnd, ADayIsItsEndAlsoInTheFuture) {
  EXPECT_EQ(Text(ParseEnd("+7d", At("2026-03-01T12:00:00Z"))), "2026-03-08T23:00:00+00:00");
  EXPECT_EQ(Text(ParseEnd("today", At("2026-03-01T12:00:00Z"))), "2026-03-01T23:00:00+00:00");
  EXPECT_EQ(Text(ParseEnd("2026-03-02T10:00:00Z", At("2026-03-01T12:00:00Z"))),
            "2026-03-02T10:00:00+00:00");
  EXPECT_FALSE(ParseEnd("soon", At("2026-03-01T12:00:00Z")).ok());
}

TEST(ParseTime, TakesATimeOfDayAndRfc3339) {
  const Moment moment = At("2026-03-01T12:00:00Z");
  EXPECT_EQ(Text(ParseTime("-3d 16:45", moment)), "2026-02-26T15:45:00+00:00");
  EXPECT_EQ(Text(ParseTime("2026-02-01T10:00:00+02:00", moment)), "2026-02-01T08:00:00+00:00");
  for (const char* text :
       {"-3d 25:00", "-3d 14:60", "-3d  9:30", "-3d +9:30", "-3d 14:+5", "-3d 14:5"}) {
    EXPECT_FALSE(ParseTime(text, moment).ok()) << text;
  }
  EXPECT_FALSE(ParseTime("99999-01-01T00:00:00Z", moment).ok());
}

TEST(ParseSpan, ReadsDaysAndHours) {
  EXPECT_EQ(ParseSpan("3d").value(), absl::Hours(72));
  EXPECT_EQ(ParseSpan("1h30m").value(), absl::Minutes(90));
  for (const char* text : {"-3d", "+3d", " 3d", "3 d", "d", "soon", "999999999d", "99999999999h"}) {
    EXPECT_FALSE(ParseSpan(text).ok()) << text;
  }
}

}  // namespace
}  // namespace okr::cli
