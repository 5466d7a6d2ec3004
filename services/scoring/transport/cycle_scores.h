// Everything that aggregates over a cycle are made of.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/names/names.h"
#include "common/resources/resources.h"
#include "common/rpc/call.h"
#include "common/store/reads.h"
#include "okr/scoring/v1/resources.pb.h"
#include "services/scoring/transport/visibility.h"

namespace okr::scoring {

struct CycleObjective {
  ::okr::Objective objective;
  v1::ObjectiveScore score;
};

struct CycleScores {
  ::okr::Cycle cycle;
  bool sealed = false;
  bool scored = false;                     // All scores are final.
  std::vector<CycleObjective> objectives;  // In the order of names; deleted ones are not there.
  std::vector<::okr::Team> teams;          // All that are not deleted, and owners.
  Viewer viewer;
};

// NOT_FOUND if there is no such cycle.
absl::StatusOr<CycleScores> ReadCycleScores(store::Reads& reads, const rpc::Call& call,
                                            const CycleName& cycle);

}  // namespace okr::scoring
