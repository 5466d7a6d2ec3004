// The tables of checkins, beside the projections of common/projection. Rows are locked in this
// order: due states, projections (of which only cycles are locked), check-ins, corrections. So who
// has the lock of a due state sees the projections at least as new as the row says.
#pragma once

#include <string>

#include "common/store/table.h"
#include "services/checkins/domain/check_in.h"
#include "services/checkins/domain/due_state.h"

namespace okr::checkins {

// A due state with what lists filter by; relative names.
struct DueRow {
  DueState state;
  std::string cycle;
  std::string owner;
  bool operator==(const DueRow&) const = default;
};

// Named by the key result. Whoever adds a check-in locks it first.
const store::Table<DueRow>& DueStates();
const store::Table<CheckIn>& CheckIns();
// By the check-in that was corrected: the one that took its place.
const store::Table<CheckInName>& Corrections();

}  // namespace okr::checkins
