#include "services/checkins/transport/reading.h"

#include "common/access/access.h"
#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "services/checkins/domain/errors.h"

namespace okr::checkins {

absl::Status RequireObjective(store::View& view, const auth::Principal& principal,
                              const ObjectiveName& objective, absl::string_view asked) {
  access::WantCaller(view, projection::Directory(), principal);
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(projection::Objectives(), objective.relative()));
  OKR_ASSIGN_OR_RETURN(const auto caller,
                       access::FindCaller(view, projection::Directory(), principal));
  const bool visible = found && !found->deleted() && access::MaySee(principal, caller, *found);
  return visible ? absl::OkStatus() : error::NotFound(asked);
}

absl::Status RequireKeyResult(store::View& view, const auth::Principal& principal,
                              const KeyResultName& key_result, absl::string_view asked) {
  view.Want(projection::KeyResults(), key_result.relative());
  OKR_RETURN_IF_ERROR(RequireObjective(view, principal, key_result.objective(), asked));
  OKR_ASSIGN_OR_RETURN(const auto found,
                       view.Find(projection::KeyResults(), key_result.relative()));
  return found && !found->deleted() ? absl::OkStatus() : error::NotFound(asked);
}

}  // namespace okr::checkins
