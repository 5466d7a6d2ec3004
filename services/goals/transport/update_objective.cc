#include <optional>
#include <utility>

#include "common/fieldmask/update_mask.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/objective.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_commands.h"
#include "services/goals/transport/references.h"

namespace okr::goals::transport {
namespace {

constexpr char kPrefix[] = "objective.";

const UpdateRules& Rules() {
  static const auto& rules = *new UpdateRules{
      .resource = "objective", .fixed = {{"alignments", "use AlignObjective or UnalignObjective"}}};
  return rules;
}

// Only what the update changes is looked up: the rest was right when it was written.
absl::Status CheckReferences(store::View& view, const Objective& present, const Objective& next,
                             Violations& violations) {
  if (next.owner != present.owner) {
    OKR_RETURN_IF_ERROR(
        CheckOwnerReference(view, absl::StrCat(kPrefix, "owner"), next.owner, violations));
  }
  return CheckSharedWithReferences(view, absl::StrCat(kPrefix, "shared_with"), next.shared_with,
                                   present.shared_with, violations);
}

}  // namespace

absl::Status UpdateObjective(const rpc::Call& call, const v1::UpdateObjectiveRequest& request,
                             store::View& view, v1::Objective& response) {
  OKR_ASSIGN_OR_RETURN(const ObjectiveName name,
                       ObjectiveName::Parse(request.objective().name(), "objective.name"));
  WantObjective(view, name);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(const FoundObjective found, FindObjective(view, actor, name));
  OKR_RETURN_IF_ERROR(AuthorizeChange(view, actor, found.objective));
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.objective().etag(), found.version));
  Violations violations;
  v1::Objective message = ToProto(found.objective);
  ApplyUpdateMask(request.update_mask(), request.objective(), Rules(), message, violations);
  Objective next = found.objective;
  ParseFields(message, actor, kPrefix, next, violations);
  CheckObjective(next, kPrefix, violations);
  OKR_RETURN_IF_ERROR(CheckReferences(view, found.objective, next, violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(
      next, goals::ChangeObjective(found.objective, std::move(next), found.cycle, view.now()));
  if (next == found.objective) return Show(view, actor, next, found.version, response);
  return Store(view, actor, "ObjectiveUpdated", next, response);
}

}  // namespace okr::goals::transport
