#include "common/auth/permission.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace okr::auth {
namespace {

absl::Status Denied(absl::string_view who) {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   absl::StrCat("not permitted: only ", who, " may do this"),
                   {.reason = "PERMISSION_DENIED"});
}

absl::Status WrongOrganization() {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "the token belongs to another organization than the resource",
                   {.reason = "WRONG_ORGANIZATION"});
}

bool Reads(Action action) { return action == Action::kRead || action == Action::kReadEvents; }

// A service across organizations reads no more than the logs that it may read whole anyway.
absl::Status AllowedEverywhere(Action action) {
  if (action == Action::kReadEventShard || Reads(action)) return absl::OkStatus();
  return Denied("a person of the organization, not a service,");
}

absl::Status AllowedToRead(const Principal& principal, const Relation& relation) {
  if (!relation.is_private || principal.role == Role::kAdmin) return absl::OkStatus();
  if (relation.is_owner || relation.is_delegate || relation.is_shared_with) return absl::OkStatus();
  return Denied("the owner, those it is shared with and administrators");
}

absl::Status AllowedToWrite(const Principal& principal, const Relation& relation, Action action) {
  if (principal.role == Role::kAdmin) return absl::OkStatus();
  const bool writes_at_all = principal.role == Role::kMember;
  const bool responsible =
      relation.is_owner || relation.is_lead_of_owning_team || relation.is_delegate;
  if (action == Action::kCheckIn) {
    if (writes_at_all && (responsible || relation.is_member_of_owning_team)) {
      return absl::OkStatus();
    }
    return Denied(
        "the owner, leads and members of the owning team, their delegates and administrators");
  }
  if (writes_at_all && responsible) return absl::OkStatus();
  return Denied("the owner, leads of the owning team, their delegates and administrators");
}

}  // namespace

bool IsSameOrganization(const Principal& principal, absl::string_view organization_id) {
  return principal.organization == organization_id && !principal.is_everywhere();
}

absl::Status Allowed(const Principal& principal, const Relation& relation, Action action) {
  if (principal.is_everywhere() && principal.role == Role::kService) {
    return AllowedEverywhere(action);
  }
  if (action == Action::kReadEventShard) return Denied("a service of the installation");
  if (!relation.same_organization) return WrongOrganization();
  switch (action) {
    case Action::kRead:
      return AllowedToRead(principal, relation);
    case Action::kReadEvents:
      return absl::OkStatus();
    case Action::kUseInbox:
      return relation.is_owner ? absl::OkStatus() : Denied("the person whose inbox it is");
    case Action::kAdminister:
      return principal.role == Role::kAdmin ? absl::OkStatus() : Denied("administrators");
    case Action::kCreateObjective:
    case Action::kUpdate:
    case Action::kCheckIn:
    case Action::kGrade:
      return AllowedToWrite(principal, relation, action);
    case Action::kReadEventShard:
      break;
  }
  return Denied("nobody");
}

}  // namespace okr::auth
