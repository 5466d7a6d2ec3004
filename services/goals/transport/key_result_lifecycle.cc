#include <utility>

#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/key_result.h"
#include "services/goals/domain/text.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/goals_commands.h"

namespace okr::goals::transport {
namespace {

template <typename Request>
absl::StatusOr<FoundKeyResult> FindForChange(store::View& view, const Actor& actor,
                                             const KeyResultName& name, const Request& request) {
  OKR_ASSIGN_OR_RETURN(FoundKeyResult found, FindKeyResult(view, actor, name));
  OKR_RETURN_IF_ERROR(AuthorizeChange(view, actor, found.objective, found.key_result));
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.etag(), found.version));
  return found;
}

absl::StatusOr<v1::KeyResult> DeletedAlready(store::View& view, const Actor& actor,
                                             const KeyResultName& name) {
  OKR_ASSIGN_OR_RETURN(const auto objective,
                       view.Find(tables::Objectives(), name.objective().relative()));
  OKR_ASSIGN_OR_RETURN(const auto row, view.Find(tables::KeyResults(), name.relative()));
  v1::KeyResult message;
  if (row && objective && MayRead(actor, *objective)) {
    OKR_RETURN_IF_ERROR(Show(view, actor, *objective, *row, row.version, message));
  } else {
    message.set_name(name.ToString());
    *message.mutable_delete_time() = ToTimestamp(view.now());
  }
  return message;
}

}  // namespace

absl::Status RetireKeyResult(const rpc::Call& call, const v1::RetireKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response) {
  OKR_ASSIGN_OR_RETURN(const KeyResultName name, KeyResultName::Parse(request.name()));
  WantKeyResult(view, name);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(FoundKeyResult found, FindForChange(view, actor, name, request));
  Violations violations;
  CheckText("reason", request.reason(), kReason, violations);
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(const KeyResult next,
                       goals::RetireKeyResult(std::move(found.key_result), found.objective,
                                              found.cycle, request.reason(), view.now()));
  return Store(view, actor, "KeyResultRetired", found.objective, next, response);
}

absl::Status DeleteKeyResult(const rpc::Call& call, const v1::DeleteKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response) {
  OKR_ASSIGN_OR_RETURN(const KeyResultName name, KeyResultName::Parse(request.name()));
  WantKeyResult(view, name);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  auto found = FindForChange(view, actor, name, request);
  if (absl::IsNotFound(found.status()) && request.allow_missing()) {
    OKR_ASSIGN_OR_RETURN(response, DeletedAlready(view, actor, name));
    return absl::OkStatus();
  }
  OKR_RETURN_IF_ERROR(found.status());
  OKR_ASSIGN_OR_RETURN(const KeyResult next,
                       goals::DeleteKeyResult(std::move(found->key_result), found->objective,
                                              found->cycle, view.now()));
  return Store(view, actor, "KeyResultDeleted", found->objective, next, response);
}

}  // namespace okr::goals::transport
