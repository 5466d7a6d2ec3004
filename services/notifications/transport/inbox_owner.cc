#include "services/notifications/transport/inbox_owner.h"

#include <optional>

#include "common/access/access.h"
#include "common/auth/permission.h"
#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "services/notifications/domain/errors.h"

namespace okr::notifications {
namespace {

const access::Directory& Directory() {
  static const auto& directory =
      *new access::Directory{.people = projection::People(), .teams = projection::Teams()};
  return directory;
}

}  // namespace

absl::StatusOr<PersonName> FindInboxOwner(store::View& view, const auth::Principal& principal,
                                          const PersonName& parent) {
  auth::Relation relation{.same_organization =
                              auth::IsSameOrganization(principal, parent.organization_id())};
  if (!relation.same_organization)
    return auth::Allowed(principal, relation, auth::Action::kUseInbox);
  if (parent.id() == "me") return access::RequireCaller(view, Directory(), principal);
  view.Want(projection::People(), parent.relative());
  OKR_ASSIGN_OR_RETURN(const std::optional<PersonName> caller,
                       access::FindCaller(view, Directory(), principal));
  if (!caller) {
    // The caller may be this person, made a moment ago.
    OKR_ASSIGN_OR_RETURN(const auto person, view.Find(projection::People(), parent.relative()));
    if (!person) return error::NotFound(parent.ToString());
  }
  relation.is_owner = caller == parent;
  OKR_RETURN_IF_ERROR(auth::Allowed(principal, relation, auth::Action::kUseInbox));
  return parent;
}

}  // namespace okr::notifications
