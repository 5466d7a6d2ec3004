#include "services/checkins/domain/due_dates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okr::checkins {
namespace {

using ::testing::ElementsAre;

absl::CivilDay Day(int month, int day) { return absl::CivilDay(2026, month, day); }

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone));
  return zone;
}

Cycle Quarter(absl::CivilDay first, absl::CivilDay last, Cadence cadence, absl::Weekday weekday) {
  Cycle cycle;
  cycle.start_date = first;
  cycle.end_date = last;
  cycle.schedule = {.cadence = cadence, .weekday = weekday, .grace = absl::Hours(72)};
  return cycle;
}

// All due times, in UTC.
std::vector<std::string> All(const Cycle& cycle, const absl::TimeZone& zone,
                             const KeyResult& key_result = {}) {
  const DueDates dates(cycle, key_result, zone);
  std::vector<std::string> all;
  std::optional<absl::Time> due = dates.FirstAfter(absl::InfinitePast());
  while (due) {
    all.push_back(absl::FormatTime("%Y-%m-%d %H:%M", *due, absl::UTCTimeZone()));
    EXPECT_EQ(dates.LastUntil(*due), due);
    due = dates.FirstAfter(*due);
  }
  return all;
}

TEST(DueDates, AreTheEndsOfTheWeekdayInsideTheCycle) {
  EXPECT_THAT(All(Quarter(Day(6, 1), Day(6, 19), Cadence::kWeekly, absl::Weekday::friday),
                  absl::UTCTimeZone()),
              ElementsAre("2026-06-06 00:00", "2026-06-13 00:00", "2026-06-20 00:00"));
}

TEST(DueDates, LieInsideTheKeyResultsOwnDates) {
  KeyResult key_result;
  key_result.start_date = absl::CivilDay(2026, 6, 6);
  key_result.due_date = absl::CivilDay(2026, 6, 18);
  EXPECT_THAT(All(Quarter(Day(6, 1), Day(6, 30), Cadence::kWeekly, absl::Weekday::friday),
                  absl::UTCTimeZone(), key_result),
              ElementsAre("2026-06-13 00:00"));
}

TEST(DueDates, EveryTwoWeeksAreCountedFromTheStartOfTheCycle) {
  const Cycle cycle =
      Quarter(Day(6, 3), Day(7, 15), Cadence::kEveryTwoWeeks, absl::Weekday::monday);
  EXPECT_THAT(All(cycle, absl::UTCTimeZone()),
              ElementsAre("2026-06-16 00:00", "2026-06-30 00:00", "2026-07-14 00:00"));
  KeyResult later;
  later.start_date = absl::CivilDay(2026, 6, 17);
  EXPECT_THAT(All(cycle, absl::UTCTimeZone(), later),
              ElementsAre("2026-06-30 00:00", "2026-07-14 00:00"));
}

TEST(DueDates, MonthlyMeansTheLastSuchWeekdayOfTheMonth) {
  EXPECT_THAT(All(Quarter(Day(1, 1), Day(3, 31), Cadence::kMonthly, absl::Weekday::saturday),
                  absl::UTCTimeZone()),
              ElementsAre("2026-02-01 00:00", "2026-03-01 00:00", "2026-03-29 00:00"));
}

struct ClockChange {
  std::string zone;
  absl::CivilDay first;
  absl::CivilDay last;
  std::vector<std::string> due;
};

class DueDatesOverClockChange : public ::testing::TestWithParam<ClockChange> {};

TEST_P(DueDatesOverClockChange, AreTheEndsOfLocalDays) {
  EXPECT_EQ(All(Quarter(GetParam().first, GetParam().last, Cadence::kWeekly, absl::Weekday::sunday),
                Zone(GetParam().zone)),
            GetParam().due);
}

INSTANTIATE_TEST_SUITE_P(
    Zones, DueDatesOverClockChange,
    ::testing::Values(ClockChange{"America/New_York",
                                  Day(3, 1),
                                  Day(3, 15),
                                  {"2026-03-02 05:00", "2026-03-09 04:00", "2026-03-16 04:00"}},
                      ClockChange{"America/New_York",
                                  Day(10, 25),
                                  Day(11, 8),
                                  {"2026-10-26 04:00", "2026-11-02 05:00", "2026-11-09 05:00"}},
                      ClockChange{"Europe/Berlin",
                                  Day(3, 22),
                                  Day(4, 5),
                                  {"2026-03-22 23:00", "2026-03-29 22:00", "2026-04-05 22:00"}},
                      ClockChange{"Europe/Berlin",
                                  Day(10, 18),
                                  Day(11, 1),
                                  {"2026-10-18 22:00", "2026-10-25 23:00", "2026-11-01 23:00"}},
                      // Half an hour.
                      ClockChange{"Australia/Lord_Howe",
                                  Day(3, 29),
                                  Day(4, 12),
                                  {"2026-03-29 13:00", "2026-04-05 13:30", "2026-04-12 13:30"}},
                      ClockChange{"Australia/Lord_Howe",
                                  Day(9, 27),
                                  Day(10, 11),
                                  {"2026-09-27 13:30", "2026-10-04 13:00", "2026-10-11 13:00"}}));

TEST(DueDates, ADueTimeIsNotAfterItself) {
  const DueDates dates(Quarter(Day(6, 1), Day(6, 30), Cadence::kWeekly, absl::Weekday::friday), {},
                       absl::UTCTimeZone());
  const absl::Time due = absl::FromCivil(absl::CivilDay(2026, 6, 6), absl::UTCTimeZone());
  EXPECT_EQ(dates.FirstAfter(due), due + absl::Hours(7 * 24));
  EXPECT_EQ(dates.FirstAfter(due - absl::Microseconds(1)), due);
  EXPECT_EQ(dates.LastUntil(due - absl::Microseconds(1)), std::nullopt);
}

}  // namespace
}  // namespace okr::checkins
