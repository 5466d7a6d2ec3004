#include "common/access/access.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::access {
namespace {

bool Is(const std::optional<PersonName>& caller, const Owner& owner) {
  return caller && owner.person() != nullptr && *owner.person() == *caller;
}

bool IsSharedWith(const std::optional<PersonName>& caller, const Objective& objective) {
  const auto& shared_with = objective.shared_with;
  return caller && std::find(shared_with.begin(), shared_with.end(), *caller) != shared_with.end();
}

}  // namespace

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
  relation.is_owner = Is(caller, owner);
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
  relation.is_shared_with = IsSharedWith(caller, objective);
  return relation;
}

bool MaySee(const auth::Principal& principal, const std::optional<PersonName>& caller,
            const Objective& objective) {
  const auth::Relation relation{
      .same_organization = auth::IsSameOrganization(principal, objective.name.organization_id()),
      .is_owner = Is(caller, objective.owner),
      .is_private = objective.visibility == Visibility::kPrivate,
      .is_shared_with = IsSharedWith(caller, objective)};
  return auth::Allowed(principal, relation, auth::Action::kRead).ok();
}

bool MaySeeScore(const std::optional<PersonName>& caller, const Objective& objective) {
  return objective.owner.person() == nullptr || Is(caller, objective.owner) ||
         IsSharedWith(caller, objective);
}

bool MaySeeScore(const std::optional<PersonName>& caller, const Objective& objective,
                 const KeyResult& key_result) {
  return MaySeeScore(caller, objective) || Is(caller, key_result.owner);
}

std::string ActorName(const auth::Principal& principal, const std::optional<PersonName>& caller) {
  return caller ? caller->ToString() : principal.subject;
}

}  // namespace okr::access
