#include "services/goals/domain/objective.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "services/goals/domain/alignment.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/text.h"

namespace okr::goals {
namespace {

void CheckVisibility(const Objective& objective, absl::string_view prefix, Violations& violations) {
  if (objective.visibility == Visibility::kPrivate && objective.owner.team() != nullptr) {
    violations.Add(absl::StrCat(prefix, "visibility"),
                   "is PRIVATE, which only an objective owned by a person may be");
  }
}

void CheckSharedWith(const Objective& objective, absl::string_view prefix, Violations& violations) {
  const std::string field = absl::StrCat(prefix, "shared_with");
  if (objective.shared_with.size() > kMaxSharedWith) {
    violations.Add(field, absl::StrCat("names ", objective.shared_with.size(), " people; at most ",
                                       kMaxSharedWith, " are allowed"));
  }
  std::set<PersonName> seen;
  for (size_t i = 0; i < objective.shared_with.size(); ++i) {
    const PersonName& person = objective.shared_with[i];
    if (person.empty() || seen.insert(person).second) continue;
    violations.Add(absl::StrCat(field, "[", i, "]"),
                   absl::StrCat("names ", person.ToString(), " again"));
  }
}

void CheckAlignments(const Objective& objective, absl::string_view prefix, Violations& violations) {
  const std::string field = absl::StrCat(prefix, "alignments");
  if (objective.alignments.size() > kMaxAlignments) {
    violations.Add(field, TooManyAlignments(objective.alignments.size()));
  }
  std::set<std::string> seen;
  for (size_t i = 0; i < objective.alignments.size(); ++i) {
    const Alignment& alignment = objective.alignments[i];
    const std::string item = absl::StrCat(field, "[", i, "].");
    CheckAlignment(objective.name, alignment, item, violations);
    if (!alignment.parent_name().empty() && !seen.insert(alignment.parent_name()).second) {
      violations.Add(item + "parent", absl::StrCat("names ", alignment.parent_name(), " again"));
    }
  }
}

}  // namespace

void CheckObjective(const Objective& objective, absl::string_view prefix, Violations& violations) {
  CheckText(absl::StrCat(prefix, "title"), objective.title, kTitle, violations);
  CheckText(absl::StrCat(prefix, "description"), objective.description, kDescription, violations);
  CheckText(absl::StrCat(prefix, "why"), objective.why, kWhy, violations);
  CheckVisibility(objective, prefix, violations);
  CheckSharedWith(objective, prefix, violations);
  CheckAlignments(objective, prefix, violations);
}

bool IsOpen(const Objective& objective) {
  return objective.state == ObjectiveState::kDraft ||
         objective.state == ObjectiveState::kInReview || objective.state == ObjectiveState::kActive;
}

absl::Status EnsureCycleOpen(const Cycle& cycle) {
  if (cycle.state == CycleState::kDraft || cycle.state == CycleState::kActive) {
    return absl::OkStatus();
  }
  return error::WrongCycleState(
      cycle, "objectives and key results change only while their cycle is DRAFT or ACTIVE");
}

absl::Status EnsureOpen(const Objective& objective, const Cycle& cycle) {
  if (!IsOpen(objective)) {
    return error::WrongObjectiveState(objective, "it and its key results do not change any more");
  }
  return EnsureCycleOpen(cycle);
}

absl::StatusOr<Objective> CreateObjective(Objective draft, const Cycle& cycle,
                                          absl::string_view creator, absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureCycleOpen(cycle));
  draft.state = ObjectiveState::kDraft;
  draft.creator = std::string(creator);
  draft.times = {.create_time = now, .update_time = now};
  return draft;
}

absl::StatusOr<Objective> ChangeObjective(const Objective& present, Objective next,
                                          const Cycle& cycle, absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureOpen(present, cycle));
  if (next == present) return next;
  next.times.update_time = now;
  return next;
}

absl::StatusOr<Objective> ActivateObjective(Objective objective, const Cycle& cycle,
                                            size_t live_key_results, absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureCycleOpen(cycle));
  if (objective.state != ObjectiveState::kDraft && objective.state != ObjectiveState::kInReview) {
    return error::WrongObjectiveState(objective, "only a DRAFT can be activated");
  }
  if (live_key_results == 0) {
    return error::WrongObjectiveState(
        objective, "it needs at least one key result before it can be activated");
  }
  objective.state = ObjectiveState::kActive;
  objective.times.update_time = now;
  return objective;
}

absl::StatusOr<Objective> RetireObjective(Objective objective, const Cycle& cycle,
                                          absl::string_view reason,
                                          const std::optional<ObjectiveName>& superseded_by,
                                          absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureOpen(objective, cycle));
  objective.state = ObjectiveState::kRetired;
  objective.retire_reason = std::string(reason);
  objective.superseded_by = superseded_by;
  objective.times.update_time = now;
  return objective;
}

absl::StatusOr<Objective> DeleteObjective(Objective objective, const Cycle& cycle, absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureOpen(objective, cycle));
  objective.times.update_time = now;
  objective.times.delete_time = now;
  return objective;
}

std::optional<Objective> CloseObjective(const Objective& objective, absl::Time now) {
  if (objective.deleted() || objective.state != ObjectiveState::kActive) return std::nullopt;
  Objective next = objective;
  next.state = ObjectiveState::kClosed;
  next.times.update_time = now;
  return next;
}

}  // namespace okr::goals
