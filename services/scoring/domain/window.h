// From when to when a key result runs. Days are the organization's: a due date means the end of
// that day in its zone.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace okr::scoring {

// Both days belong to it.
struct CycleDays {
  absl::CivilDay first;
  absl::CivilDay last;
};

// [start, due): what is observed at `due` or later does not count.
struct Window {
  absl::Time start;
  absl::Time due;
  bool operator==(const Window&) const = default;
};

// The window of a key result; a missing day comes from the cycle. INVALID_FIELDS naming
// "start_date" or "due_date" unless start < due and both lie in the cycle.
absl::StatusOr<Window> ResolveWindow(const CycleDays& cycle, std::optional<absl::CivilDay> start,
                                     std::optional<absl::CivilDay> due, const absl::TimeZone& zone);

}  // namespace okr::scoring
