#include "common/resources/resources.h"

#include <gtest/gtest.h>

namespace okr {
namespace {

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

std::string Utc(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M", time, absl::UTCTimeZone());
}

TEST(EndOfDay, IsMidnightOfTheOrganization) {
  EXPECT_EQ(Utc(EndOfDay(absl::CivilDay(2026, 3, 31), absl::UTCTimeZone())), "2026-04-01T00:00");
  EXPECT_EQ(Utc(EndOfDay(absl::CivilDay(2026, 3, 31), Zone("America/New_York"))),
            "2026-04-01T04:00");
}

TEST(EndOfDay, FollowsTheClockChange) {
  const absl::TimeZone berlin = Zone("Europe/Berlin");
  const absl::CivilDay spring(2026, 3, 29);
  EXPECT_EQ(EndOfDay(spring, berlin) - StartOfDay(spring, berlin), absl::Hours(23));
}

TEST(EndOfDay, ExistsWhereMidnightDoesNot) {
  // Clocks in Beirut went from 2022-03-26 24:00 straight to 01:00.
  const absl::TimeZone beirut = Zone("Asia/Beirut");
  EXPECT_EQ(Utc(EndOfDay(absl::CivilDay(2022, 3, 26), beirut)), "2022-03-26T22:00");
  EXPECT_EQ(EndOfDay(absl::CivilDay(2022, 3, 26), beirut),
            StartOfDay(absl::CivilDay(2022, 3, 27), beirut));
}

TEST(EndOfDay, IsTheFirstMidnightWhereThereAreTwo) {
  // Clocks in Havana went from 2026-11-01 01:00 back to 00:00.
  const absl::TimeZone havana = Zone("America/Havana");
  EXPECT_EQ(Utc(EndOfDay(absl::CivilDay(2026, 10, 31), havana)), "2026-11-01T04:00");
  EXPECT_EQ(EndOfDay(absl::CivilDay(2026, 10, 31), havana),
            StartOfDay(absl::CivilDay(2026, 11, 1), havana));
}

TEST(OwnerOf, IsTheObjectivesUnlessTheKeyResultSaysOtherwise) {
  Objective objective;
  objective.owner = Owner::Parse("organizations/acme/teams/sales").value();
  KeyResult key_result;
  EXPECT_EQ(OwnerOf(key_result, objective), objective.owner);
  key_result.owner = Owner::Parse("organizations/acme/people/cem").value();
  EXPECT_EQ(OwnerOf(key_result, objective), key_result.owner);
}

TEST(Owner, IsAPersonOrATeam) {
  EXPECT_NE(Owner::Parse("organizations/acme/people/ann")->person(), nullptr);
  EXPECT_NE(Owner::Parse("organizations/acme/teams/crew")->team(), nullptr);
  EXPECT_FALSE(Owner::Parse("organizations/acme/cycles/q1").ok());
}

}  // namespace
}  // namespace okr
