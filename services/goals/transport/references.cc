#include "services/goals/transport/references.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "services/goals/domain/alignment.h"
#include "services/goals/domain/references.h"
#include "services/goals/store/tables.h"

namespace okr::goals::transport {

absl::Status CheckOwnerReference(store::View& view, const std::string& field, const Owner& owner,
                                 Violations& violations) {
  const Person* person = nullptr;
  const Team* team = nullptr;
  if (owner.person() != nullptr) {
    OKR_ASSIGN_OR_RETURN(const auto found,
                         view.Find(tables::PeopleSeen(), owner.person()->relative()));
    person = found.value;
  } else if (owner.team() != nullptr) {
    OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Teams(), owner.team()->relative()));
    team = found.value;
  }
  CheckOwner(field, owner, person, team, violations);
  return absl::OkStatus();
}

absl::Status CheckSharedWithReferences(store::View& view, const std::string& field,
                                       const std::vector<PersonName>& next,
                                       const std::vector<PersonName>& present,
                                       Violations& violations) {
  for (const PersonName& name : next) view.Want(tables::PeopleSeen(), name.relative());
  for (size_t i = 0; i < next.size(); ++i) {
    const bool is_known = std::find(present.begin(), present.end(), next[i]) != present.end();
    if (next[i].empty() || is_known) continue;
    OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::PeopleSeen(), next[i].relative()));
    CheckPersonExists(absl::StrCat(field, "[", i, "]"), next[i], found.value, violations);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CycleName>> CycleChain(store::View& view, const CycleName& cycle) {
  std::vector<CycleName> chain;
  std::optional<CycleName> next = cycle;
  while (next) {
    chain.push_back(*next);
    OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Cycles(), next->relative()));
    next = found ? found->parent : std::nullopt;
  }
  return chain;
}

absl::Status CheckAlignmentReference(store::View& view, const Actor& actor,
                                     const Alignment& alignment,
                                     const std::vector<CycleName>& chain, const std::string& prefix,
                                     Violations& violations) {
  const ObjectiveName name = alignment.parent_objective();
  if (name.empty()) return absl::OkStatus();
  const auto* key_result_name = std::get_if<KeyResultName>(&alignment.parent);
  if (key_result_name != nullptr) view.Want(tables::KeyResults(), key_result_name->relative());
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Objectives(), name.relative()));
  const Objective* objective = found && MayRead(actor, *found) ? found.value : nullptr;
  const KeyResult* key_result = nullptr;
  if (key_result_name != nullptr) {
    OKR_ASSIGN_OR_RETURN(const auto row,
                         view.Find(tables::KeyResults(), key_result_name->relative()));
    key_result = row.value;
  }
  const bool was_right = violations.empty();
  CheckAlignmentParentExists(alignment, objective, key_result, prefix, violations);
  if (objective == nullptr) return absl::OkStatus();
  if (!chain.empty()) CheckParentCycle(objective->cycle, chain, prefix, violations);
  if (!was_right || !violations.empty()) return absl::OkStatus();
  return EnsureMayBeServed(alignment, *objective, key_result);
}

}  // namespace okr::goals::transport
