#include <utility>

#include "common/fieldmask/update_mask.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/key_result.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_commands.h"
#include "services/goals/transport/references.h"

namespace okr::goals::transport {

absl::Status UpdateKeyResult(const rpc::Call& call, const v1::UpdateKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response) {
  constexpr char kPrefix[] = "key_result.";
  OKR_ASSIGN_OR_RETURN(const KeyResultName name,
                       KeyResultName::Parse(request.key_result().name(), "key_result.name"));
  WantKeyResult(view, name);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(const FoundKeyResult found, FindKeyResult(view, actor, name));
  OKR_RETURN_IF_ERROR(AuthorizeChange(view, actor, found.objective, found.key_result));
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.key_result().etag(), found.version));
  Violations violations;
  v1::KeyResult message = ToProto(found.key_result);
  ApplyUpdateMask(request.update_mask(), request.key_result(), {.resource = "key_result"}, message,
                  violations);
  KeyResult next = found.key_result;
  const bool dates = ParseFields(message, actor, kPrefix, next, violations);
  CheckKeyResult(next, kPrefix, violations);
  if (dates) CheckWindow(next, found.cycle, kPrefix, violations);
  if (next.owner != found.key_result.owner) {
    OKR_RETURN_IF_ERROR(
        CheckOwnerReference(view, absl::StrCat(kPrefix, "owner"), next.owner, violations));
  }
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(next, goals::ChangeKeyResult(found.key_result, Normalized(std::move(next)),
                                                    found.objective, found.cycle, view.now()));
  if (next == found.key_result) {
    return Show(view, actor, found.objective, next, found.version, response);
  }
  return Store(view, actor, "KeyResultUpdated", found.objective, next, response);
}

}  // namespace okr::goals::transport
