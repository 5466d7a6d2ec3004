#include <string>
#include <utility>

#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/key_result.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_commands.h"
#include "services/goals/transport/references.h"

namespace okr::goals::transport {

absl::Status CreateKeyResult(const rpc::Call& call, const v1::CreateKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response) {
  constexpr char kPrefix[] = "key_result.";
  OKR_ASSIGN_OR_RETURN(const ObjectiveName parent,
                       ObjectiveName::Parse(request.parent(), "parent"));
  WantObjective(view, parent);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(const FoundObjective found, FindObjective(view, actor, parent));
  OKR_RETURN_IF_ERROR(AuthorizeChange(view, actor, found.objective));
  Violations violations;
  KeyResult draft;
  draft.name =
      KeyResultName(parent, IdOf(call, "key_result_id", request.key_result_id(), violations));
  view.Want(tables::KeyResults(), draft.name.relative());
  const bool dates = ParseFields(request.key_result(), actor, kPrefix, draft, violations);
  CheckKeyResult(draft, kPrefix, violations);
  if (dates) CheckWindow(draft, found.cycle, kPrefix, violations);
  OKR_RETURN_IF_ERROR(
      CheckOwnerReference(view, absl::StrCat(kPrefix, "owner"), draft.owner, violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(const auto taken, view.Find(tables::KeyResults(), draft.name.relative()));
  if (taken) return error::AlreadyExists(draft.name.ToString());
  OKR_ASSIGN_OR_RETURN(const KeyResult created,
                       goals::CreateKeyResult(Normalized(std::move(draft)), found.objective,
                                              found.cycle, actor.name(), view.now()));
  return Store(view, actor, "KeyResultCreated", found.objective, created, response);
}

}  // namespace okr::goals::transport
