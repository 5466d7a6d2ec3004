#include "services/checkins/transport/visibility.h"

#include <algorithm>

#include "common/auth/permission.h"
#include "common/projection/tables.h"

namespace okr::checkins {

const access::Directory& ProjectedDirectory() {
  static const access::Directory& directory =
      *new access::Directory{projection::People(), projection::Teams()};
  return directory;
}

bool MaySee(const auth::Principal& principal, const std::optional<PersonName>& caller,
            const Objective& objective) {
  const auto& shared_with = objective.shared_with;
  const PersonName* owner = objective.owner.person();
  const auth::Relation relation{
      .same_organization = auth::IsSameOrganization(principal, objective.name.organization_id()),
      .is_owner = caller && owner != nullptr && *owner == *caller,
      .is_private = objective.visibility == Visibility::kPrivate,
      .is_shared_with = caller && std::find(shared_with.begin(), shared_with.end(), *caller) !=
                                      shared_with.end()};
  return auth::Allowed(principal, relation, auth::Action::kRead).ok();
}

}  // namespace okr::checkins
