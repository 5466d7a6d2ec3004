// The rules of objectives: what one may say, and how it goes through its life.
//
// Each change takes the present state and gives the next one, or the refusal; it never looks at
// permission or at the etag.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/resources/resources.h"
#include "common/status/error.h"

namespace okr::goals {

inline constexpr size_t kMaxSharedWith = 100;
inline constexpr size_t kMaxAlignments = 20;

// Adds everything that is wrong with the objective's own fields; `prefix` is e.g. "objective.". An
// empty name in a list stands for one that was wrong already.
void CheckObjective(const Objective& objective, absl::string_view prefix, Violations& violations);

// Whether it is being written or worked on.
bool IsOpen(const Objective& objective);

// CYCLE_STATE unless OKRs of the cycle may be written.
absl::Status EnsureCycleOpen(const Cycle& cycle);
// OBJECTIVE_STATE or CYCLE_STATE unless the objective, or what hangs below it, may be changed.
absl::Status EnsureOpen(const Objective& objective, const Cycle& cycle);

// The objective as it begins: a DRAFT.
absl::StatusOr<Objective> CreateObjective(Objective draft, const Cycle& cycle,
                                          absl::string_view creator, absl::Time now);
// `next` is `present` with other title, description, why, owner, commitment, visibility,
// shared_with or roll_up.
absl::StatusOr<Objective> ChangeObjective(const Objective& present, Objective next,
                                          const Cycle& cycle, absl::Time now);
// DRAFT or IN_REVIEW to ACTIVE.
absl::StatusOr<Objective> ActivateObjective(Objective objective, const Cycle& cycle,
                                            size_t live_key_results, absl::Time now);
// To RETIRED. The reason must be right, see CheckText.
absl::StatusOr<Objective> RetireObjective(Objective objective, const Cycle& cycle,
                                          absl::string_view reason,
                                          const std::optional<ObjectiveName>& superseded_by,
                                          absl::Time now);
absl::StatusOr<Objective> DeleteObjective(Objective objective, const Cycle& cycle, absl::Time now);
// ACTIVE to CLOSED, as its cycle is closed; absent if it stays as it is.
std::optional<Objective> CloseObjective(const Objective& objective, absl::Time now);

}  // namespace okr::goals
