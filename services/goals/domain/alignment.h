// What serves what: the rules of one alignment, and the walk that keeps the whole acyclic.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/resources/resources.h"
#include "common/status/error.h"

namespace okr::goals {

std::string TooManyAlignments(size_t count);

// Adds what is wrong with the alignment itself: its weight, or an objective that serves itself.
// `prefix` is e.g. "alignment.".
void CheckAlignment(const ObjectiveName& child, const Alignment& alignment,
                    absl::string_view prefix, Violations& violations);

// Adds what is wrong with naming this parent; either may be null where there is none. `key_result`
// only counts if the alignment names one.
void CheckAlignmentParentExists(const Alignment& alignment, const Objective* objective,
                                const KeyResult* key_result, absl::string_view prefix,
                                Violations& violations);

// OBJECTIVE_STATE or KEY_RESULT_STATE if the parent was given up or is over.
absl::Status EnsureMayBeServed(const Alignment& alignment, const Objective& objective,
                               const KeyResult* key_result);

// Adds that the parent's cycle is not `cycle` or one that contains it. `chain` are the cycles from
// the child's up, by their `parent`.
void CheckParentCycle(const CycleName& parent_cycle, const std::vector<CycleName>& chain,
                      absl::string_view prefix, Violations& violations);

// Gives the nodes that `node` points to.
using Edges = std::function<absl::StatusOr<std::vector<std::string>>(const std::string& node)>;
// The shortest way from `from` to `to` along the edges, both ends included; empty if there is none.
// Fails if `edges` does, after having asked it for all nodes of that distance.
absl::StatusOr<std::vector<std::string>> FindPath(const std::string& from, const std::string& to,
                                                  const Edges& edges);

// The objective with the alignment added, or its weight changed. INVALID_FIELDS on "alignment" if
// it would have too many.
absl::StatusOr<Objective> Align(Objective objective, const Alignment& alignment, absl::Time now);
// NOT_FOUND if it does not serve `parent`.
absl::StatusOr<Objective> Unalign(Objective objective, absl::string_view parent, absl::Time now);

}  // namespace okr::goals
