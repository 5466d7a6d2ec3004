// Progress of all objectives of an organization, through their alignment.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/scoring/domain/objective.h"

namespace okr::scoring {

// An objective aligned to another.
struct Alignment {
  std::string child;
  Weight weight;
};

// An objective with what its progress is made of.
struct RollUpNode {
  std::string name;
  Lifecycle lifecycle = Lifecycle::kActive;
  bool carried_over = false;  // A later one of its chain of carried-over objectives stands.
  RollUp roll_up = RollUp::kOwnKeyResults;
  std::vector<KeyResultPart> key_results;
  std::vector<Alignment> aligned;  // Those aligned to this one; unknown names are ignored.
};

// The displayed progress of each node, children before parents, so that each is computed once from
// its parts. FAILED_PRECONDITION / ALIGNMENT_CYCLE if the alignment leads back to where it began.
// Any depth.
absl::StatusOr<std::map<std::string, ObjectiveProgress>> ComputeRollUp(
    const Policy& policy, const std::vector<RollUpNode>& nodes);

}  // namespace okr::scoring
