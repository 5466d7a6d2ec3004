// When the check-ins of a key result are due.
#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/resources/resources.h"

namespace okr::checkins {

// The moments at which check-ins are due: the ends of certain days in a time zone, right also where
// the clocks change. Immutable.
class DueDates {
 public:
  // By the schedule of the cycle, from the first to the last day of the key result. Every two weeks
  // means the second, fourth, ... week of the cycle.
  DueDates(const Cycle& cycle, const KeyResult& key_result, const absl::TimeZone& zone);

  // The first due time that is later than `time`.
  std::optional<absl::Time> FirstAfter(absl::Time time) const;
  // The last due time that is not later than `time`.
  std::optional<absl::Time> LastUntil(absl::Time time) const;

  absl::Duration grace() const { return schedule_.grace; }
  // When the key result begins.
  absl::Time start() const { return StartOfDay(first_, zone_); }

 private:
  // The first due day that is not before `day`, the last that is not after it; whatever the limits.
  absl::CivilDay DayFrom(absl::CivilDay day) const;
  absl::CivilDay DayUntil(absl::CivilDay day) const;

  const CheckInSchedule schedule_;
  const absl::CivilDay cycle_start_;
  const absl::CivilDay first_;
  const absl::CivilDay last_;
  const absl::TimeZone zone_;
};

}  // namespace okr::checkins
