#include "services/scoring/transport/visibility.h"

#include "common/access/access.h"
#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {

absl::StatusOr<Viewer> FindViewer(store::View& view, const auth::Principal& principal) {
  OKR_ASSIGN_OR_RETURN(std::optional<PersonName> person,
                       access::FindCaller(view, projection::Directory(), principal));
  return Viewer{.principal = principal, .person = std::move(person)};
}

bool MaySee(const Viewer& viewer, const ::okr::Objective& objective) {
  return access::MaySee(viewer.principal, viewer.person, objective);
}

bool MaySeeScore(const Viewer& viewer, const ::okr::Objective& objective) {
  return access::MaySeeScore(viewer.person, objective);
}

bool MaySeeScore(const Viewer& viewer, const ::okr::Objective& objective,
                 const ::okr::KeyResult& key_result) {
  return access::MaySeeScore(viewer.person, objective, key_result);
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
