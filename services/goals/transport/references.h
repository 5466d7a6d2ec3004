// Looks up what a command names, and adds what is wrong with naming it. Statuses are only those of
// the View.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/resources/resources.h"
#include "common/status/error.h"
#include "common/store/view.h"
#include "services/goals/transport/actor.h"

namespace okr::goals::transport {

// A team is locked, so that it cannot be deleted while something of its own is made.
absl::Status CheckOwnerReference(store::View& view, const std::string& field, const Owner& owner,
                                 Violations& violations);

// People that `present` does not have; those may have been named when all was different.
absl::Status CheckSharedWithReferences(store::View& view, const std::string& field,
                                       const std::vector<PersonName>& next,
                                       const std::vector<PersonName>& present,
                                       Violations& violations);

// The cycles from `cycle` up, by their parents.
absl::StatusOr<std::vector<CycleName>> CycleChain(store::View& view, const CycleName& cycle);

// What an alignment may serve: the parent exists, is to be seen, and lies in a cycle of the chain.
// OBJECTIVE_STATE or KEY_RESULT_STATE if it is over; only told if nothing is wrong so far.
absl::Status CheckAlignmentReference(store::View& view, const Actor& actor,
                                     const Alignment& alignment,
                                     const std::vector<CycleName>& chain, const std::string& prefix,
                                     Violations& violations);

}  // namespace okr::goals::transport
