#include "common/access/access.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::access {

void WantCaller(store::View& view, const Directory& directory, const auth::Principal& principal) {
  view.WantSelection(directory.people, "lookup", principal.subject);
}

absl::StatusOr<std::optional<PersonName>> FindCaller(store::View& view, const Directory& directory,
                                                     const auth::Principal& principal) {
  OKR_ASSIGN_OR_RETURN(const auto found,
                       view.Select(directory.people, "lookup", principal.subject));
  if (found.empty()) return std::optional<PersonName>();
  const Person& person = *found.front().value;
  if (person.state == PersonState::kDeactivated) {
    return MakeError(
        absl::StatusCode::kPermissionDenied,
        absl::StrCat(person.name.ToString(), " is deactivated; an administrator can change that"),
        {.reason = "PERMISSION_DENIED"});
  }
  view.set_actor(person.name.ToString());
  return std::optional<PersonName>(person.name);
}

absl::StatusOr<PersonName> RequireCaller(store::View& view, const Directory& directory,
                                         const auth::Principal& principal) {
  OKR_ASSIGN_OR_RETURN(std::optional<PersonName> caller, FindCaller(view, directory, principal));
  if (caller) return *std::move(caller);
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat("the token's subject \"", principal.subject,
                                "\" is no person of the organization; an administrator must create "
                                "one with this subject"),
                   {.reason = "PERSON_UNKNOWN", .metadata = {{"subject", principal.subject}}});
}

absl::StatusOr<auth::Relation> RelationTo(store::View& view, const Directory& directory,
                                          const auth::Principal& principal,
                                          const std::optional<PersonName>& caller,
                                          absl::string_view organization_id, const Owner& owner) {
  auth::Relation relation{.same_organization =
                              auth::IsSameOrganization(principal, organization_id)};
  if (!caller) return relation;
  relation.is_owner = owner.person() != nullptr && *owner.person() == *caller;
  if (owner.team() == nullptr) return relation;
  OKR_ASSIGN_OR_RETURN(const auto team, view.Find(directory.teams, owner.team()->relative()));
  if (!team || team->times.delete_time) return relation;
  relation.is_lead_of_owning_team = team->has_lead(*caller);
  relation.is_member_of_owning_team = team->has_member(*caller);
  return relation;
}

absl::StatusOr<auth::Relation> RelationTo(store::View& view, const Directory& directory,
                                          const auth::Principal& principal,
                                          const std::optional<PersonName>& caller,
                                          const Objective& objective) {
  OKR_ASSIGN_OR_RETURN(auth::Relation relation,
                       RelationTo(view, directory, principal, caller,
                                  objective.name.organization_id(), objective.owner));
  relation.is_private = objective.visibility == Visibility::kPrivate;
  relation.is_shared_with =
      caller && std::find(objective.shared_with.begin(), objective.shared_with.end(), *caller) !=
                    objective.shared_with.end();
  return relation;
}

bool MaySeeScore(const std::optional<PersonName>& caller, const Objective& objective) {
  if (objective.owner.person() == nullptr) return true;
  if (!caller) return false;
  return *caller == *objective.owner.person() ||
         std::find(objective.shared_with.begin(), objective.shared_with.end(), *caller) !=
             objective.shared_with.end();
}

std::string ActorName(const auth::Principal& principal, const std::optional<PersonName>& caller) {
  return caller ? caller->ToString() : principal.subject;
}

}  // namespace okr::access
