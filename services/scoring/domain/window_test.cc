#include "services/scoring/domain/window.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::scoring {
namespace {

using okr::testing::NamesField;

const CycleDays kQuarter{absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 3, 31)};

std::string Utc(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M", time, absl::UTCTimeZone());
}

TEST(ResolveWindow, TakesMissingDaysFromTheCycle) {
  ASSERT_OK_AND_ASSIGN(const Window window,
                       ResolveWindow(kQuarter, std::nullopt, std::nullopt, absl::UTCTimeZone()));
  EXPECT_EQ(Utc(window.start), "2026-01-01T00:00");
  EXPECT_EQ(Utc(window.due), "2026-04-01T00:00");
}

TEST(ResolveWindow, RefusesDaysOutsideTheCycle) {
  const auto window = ResolveWindow(kQuarter, absl::CivilDay(2025, 12, 31),
                                    absl::CivilDay(2026, 4, 1), absl::UTCTimeZone());
  EXPECT_THAT(window, NamesField("start_date"));
  EXPECT_THAT(window, NamesField("due_date"));
}

TEST(ResolveWindow, RefusesADueDateThatIsNotAfterTheStart) {
  const absl::CivilDay day(2026, 2, 1);
  EXPECT_THAT(ResolveWindow(kQuarter, day, day, absl::UTCTimeZone()), NamesField("due_date"));
}

}  // namespace
}  // namespace okr::scoring
