#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/key_result.h"
#include "services/goals/domain/objective.h"
#include "services/goals/domain/text.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_commands.h"

namespace okr::goals::transport {
namespace {

// The objective of a request with `name` and `etag`, which the actor may change.
template <typename Request>
absl::StatusOr<FoundObjective> FindForChange(store::View& view, const Actor& actor,
                                             const ObjectiveName& name, const Request& request) {
  OKR_ASSIGN_OR_RETURN(FoundObjective found, FindObjective(view, actor, name));
  OKR_RETURN_IF_ERROR(AuthorizeChange(view, actor, found.objective));
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.etag(), found.version));
  return found;
}

absl::StatusOr<std::vector<store::Selected<KeyResult>>> KeyResultsOf(store::View& view,
                                                                     const ObjectiveName& name) {
  return view.Select(tables::KeyResults(), "objective", std::string(name.relative()));
}

// The answer to the deletion of what is not there. Whatever the caller may not see is not there.
absl::StatusOr<v1::Objective> DeletedAlready(store::View& view, const Actor& actor,
                                             const ObjectiveName& name) {
  OKR_ASSIGN_OR_RETURN(const auto row, view.Find(tables::Objectives(), name.relative()));
  v1::Objective message;
  if (row && MayRead(actor, *row)) {
    OKR_RETURN_IF_ERROR(Show(view, actor, *row, row.version, message));
  } else {
    message.set_name(name.ToString());
    *message.mutable_delete_time() = ToTimestamp(view.now());
  }
  return message;
}

absl::Status DeleteKeyResults(store::View& view, const Objective& objective) {
  OKR_ASSIGN_OR_RETURN(const auto key_results, KeyResultsOf(view, objective.name));
  for (const auto& row : key_results) {
    if (row.value->deleted()) continue;
    Store(view, "KeyResultDeleted", objective, DeletedWithObjective(*row.value, view.now()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ObjectiveName>> FindSuccessor(store::View& view, const Actor& actor,
                                                           const ObjectiveName& retired,
                                                           const std::string& name,
                                                           Violations& violations) {
  if (name.empty()) return std::optional<ObjectiveName>();
  const auto successor = ParseName<ObjectiveName>("superseded_by", name, violations);
  if (!successor) return successor;
  if (*successor == retired) {
    violations.Add("superseded_by", "is the objective itself");
    return successor;
  }
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Objectives(), successor->relative()));
  if (!found || found->deleted() || !MayRead(actor, *found)) {
    violations.Add("superseded_by", absl::StrCat("is \"", name, "\", which does not exist"));
  }
  return successor;
}

}  // namespace

absl::Status ActivateObjective(const rpc::Call& call, const v1::ActivateObjectiveRequest& request,
                               store::View& view, v1::Objective& response) {
  OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(request.name()));
  WantObjective(view, name);
  view.WantSelection(tables::KeyResults(), "objective", std::string(name.relative()));
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(FoundObjective found, FindForChange(view, actor, name, request));
  OKR_ASSIGN_OR_RETURN(const auto key_results, KeyResultsOf(view, name));
  const auto live = std::count_if(key_results.begin(), key_results.end(),
                                  [](const auto& row) { return IsLive(*row.value); });
  OKR_ASSIGN_OR_RETURN(const Objective next,
                       goals::ActivateObjective(std::move(found.objective), found.cycle,
                                                static_cast<size_t>(live), view.now()));
  return Store(view, actor, "ObjectiveActivated", next, response);
}

absl::Status RetireObjective(const rpc::Call& call, const v1::RetireObjectiveRequest& request,
                             store::View& view, v1::Objective& response) {
  OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(request.name()));
  WantObjective(view, name);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(FoundObjective found, FindForChange(view, actor, name, request));
  Violations violations;
  CheckText("reason", request.reason(), kReason, violations);
  OKR_ASSIGN_OR_RETURN(const std::optional<ObjectiveName> successor,
                       FindSuccessor(view, actor, name, request.superseded_by(), violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(const Objective next,
                       goals::RetireObjective(std::move(found.objective), found.cycle,
                                              request.reason(), successor, view.now()));
  return Store(view, actor, "ObjectiveRetired", next, response);
}

absl::Status DeleteObjective(const rpc::Call& call, const v1::DeleteObjectiveRequest& request,
                             store::View& view, v1::Objective& response) {
  OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(request.name()));
  WantObjective(view, name);
  view.WantSelection(tables::KeyResults(), "objective", std::string(name.relative()));
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  auto found = FindForChange(view, actor, name, request);
  if (absl::IsNotFound(found.status()) && request.allow_missing()) {
    OKR_ASSIGN_OR_RETURN(response, DeletedAlready(view, actor, name));
    return absl::OkStatus();
  }
  OKR_RETURN_IF_ERROR(found.status());
  OKR_ASSIGN_OR_RETURN(const Objective next, goals::DeleteObjective(std::move(found->objective),
                                                                    found->cycle, view.now()));
  OKR_RETURN_IF_ERROR(DeleteKeyResults(view, next));
  return Store(view, actor, "ObjectiveDeleted", next, response);
}

}  // namespace okr::goals::transport
