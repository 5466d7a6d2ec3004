#include "services/scoring/transport/visibility.h"

#include <algorithm>

#include "common/access/access.h"
#include "common/auth/permission.h"
#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {

absl::StatusOr<Viewer> FindViewer(store::View& view, const auth::Principal& principal) {
  OKR_ASSIGN_OR_RETURN(std::optional<PersonName> person,
                       access::FindCaller(view, tables::Directory(), principal));
  return Viewer{.principal = principal, .person = std::move(person)};
}

bool MaySee(const Viewer& viewer, const ::okr::Objective& objective) {
  const absl::string_view organization = objective.name.organization_id();
  const auto& shared = objective.shared_with;
  const auth::Relation relation{
      .same_organization = auth::IsSameOrganization(viewer.principal, organization),
      .is_owner = viewer.person && objective.owner.person() != nullptr &&
                  *objective.owner.person() == *viewer.person,
      .is_private = objective.visibility == Visibility::kPrivate,
      .is_shared_with =
          viewer.person && std::find(shared.begin(), shared.end(), *viewer.person) != shared.end()};
  return auth::Allowed(viewer.principal, relation, auth::Action::kRead).ok();
}

bool MaySeeScore(const Viewer& viewer, const ::okr::Objective& objective) {
  return access::MaySeeScore(viewer.person, objective);
}

bool MaySeeScore(const Viewer& viewer, const ::okr::Objective& objective,
                 const ::okr::KeyResult& key_result) {
  const PersonName* owner = key_result.owner.person();
  return MaySeeScore(viewer, objective) ||
         (owner != nullptr && viewer.person && *owner == *viewer.person);
}

absl::StatusOr<const ::okr::Objective*> FindObjective(store::View& view, const Viewer& viewer,
                                                      const ObjectiveName& name,
                                                      absl::string_view asked_for) {
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(projection::Objectives(), name.relative()));
  if (!found || found->deleted() || !MaySee(viewer, *found)) return error::NotFound(asked_for);
  return found.value;
}

absl::StatusOr<const ::okr::KeyResult*> FindKeyResult(store::View& view,
                                                      const KeyResultName& name) {
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(projection::KeyResults(), name.relative()));
  if (!found || found->deleted()) return error::NotFound(name.ToString());
  return found.value;
}

}  // namespace okr::scoring
