#include "services/goals/domain/references.h"

#include "absl/strings/str_cat.h"

namespace okr::goals {
namespace {

void AddMissing(absl::string_view field, absl::string_view name, Violations& violations) {
  violations.Add(field, absl::StrCat("is \"", name, "\", which does not exist"));
}

}  // namespace

void CheckOwner(absl::string_view field, const Owner& owner, const Person* person, const Team* team,
                Violations& violations) {
  if (owner.team() != nullptr) return CheckTeamExists(field, *owner.team(), team, violations);
  if (owner.person() == nullptr) return;
  if (person == nullptr) return AddMissing(field, owner.ToString(), violations);
  if (person->state != PersonState::kActive) {
    violations.Add(field, absl::StrCat("is \"", owner.ToString(),
                                       "\", who is deactivated; name an active person or a team"));
  }
}

void CheckPersonExists(absl::string_view field, const PersonName& name, const Person* found,
                       Violations& violations) {
  if (found == nullptr) AddMissing(field, name.ToString(), violations);
}

void CheckTeamExists(absl::string_view field, const TeamName& name, const Team* found,
                     Violations& violations) {
  if (found == nullptr) return AddMissing(field, name.ToString(), violations);
  if (found->times.delete_time) {
    violations.Add(field, absl::StrCat("is \"", name.ToString(), "\", which is deleted"));
  }
}

void CheckCycleExists(absl::string_view field, const CycleName& name, const Cycle* found,
                      Violations& violations) {
  if (found == nullptr) AddMissing(field, name.ToString(), violations);
}

}  // namespace okr::goals
