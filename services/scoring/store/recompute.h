// Computes what follows from a change: the key results that were touched, their objectives, and
// upward through the alignment.
#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/store/view.h"

namespace okr::scoring {

// Relative names.
struct Touched {
  std::set<std::string> key_results;
  // With all their key results and their place in the alignment.
  std::set<std::string> objectives;
};

// Reads facts (projections, measurements, grades), writes only the rows that changed, and emits
// KeyResultScoreChanged, KeyResultStatusChanged, ObjectiveScoreChanged and ObjectiveStatusChanged
// where the numbers did; passing time alone tells nothing but a new status. Scores of a cycle whose
// CycleScored was told never change again.
//
// Pure, as store::Command::decide: fails while rows are missing. Locks the organization's book, and
// so waits for others that compute in it; without a book there is nothing to compute.
absl::Status Recompute(store::View& view, absl::string_view organization, const Touched& touched);

}  // namespace okr::scoring
