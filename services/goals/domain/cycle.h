// The rules of cycles: what one may say, and how it goes through its life.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/resources/resources.h"
#include "common/status/error.h"

namespace okr::goals {

// The scoring policy that a cycle is pinned to when it becomes active.
inline constexpr absl::string_view kScoringPolicy = "okr-v1";

// Adds everything that is wrong with the cycle's own fields but its dates; `prefix` is e.g.
// "cycle.".
void CheckCycle(const Cycle& cycle, absl::string_view prefix, Violations& violations);
// Adds what is wrong with its dates.
void CheckCycleDates(const Cycle& cycle, absl::string_view prefix, Violations& violations);
// Adds that it does not lie inside its parent.
void CheckInsideParent(const Cycle& cycle, const Cycle& parent, absl::string_view prefix,
                       Violations& violations);
bool LiesInside(const Cycle& cycle, const Cycle& parent);
bool SameDates(const Cycle& a, const Cycle& b);

Cycle CreateCycle(Cycle draft, absl::Time now);
// CYCLE_STATE if it is CLOSED, or GRADING and its dates or its parent change.
absl::StatusOr<Cycle> ChangeCycle(const Cycle& present, Cycle next, absl::Time now);
absl::StatusOr<Cycle> ActivateCycle(Cycle cycle, absl::Time now);
absl::StatusOr<Cycle> OpenCycleGrading(Cycle cycle, absl::Time now);
absl::StatusOr<Cycle> CloseCycle(Cycle cycle, absl::Time now);

}  // namespace okr::goals
