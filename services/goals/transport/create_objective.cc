#include <optional>
#include <string>
#include <utility>

#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/objective.h"
#include "services/goals/domain/references.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_commands.h"
#include "services/goals/transport/references.h"

namespace okr::goals::transport {
namespace {

constexpr char kPrefix[] = "objective.";

// Asks for everything at once, to save rounds.
void WantAll(store::View& view, const Objective& draft) {
  view.Want(tables::Objectives(), draft.name.relative());
  if (!draft.cycle.empty()) view.Want(tables::Cycles(), draft.cycle.relative());
  for (const Alignment& alignment : draft.alignments) {
    view.Want(tables::Objectives(), alignment.parent_objective().relative());
  }
}

absl::Status CheckAlignmentReferences(store::View& view, const Actor& actor, const Objective& draft,
                                      Violations& violations) {
  if (draft.alignments.empty()) return absl::OkStatus();
  std::vector<CycleName> chain;
  if (!draft.cycle.empty()) {
    OKR_ASSIGN_OR_RETURN(chain, CycleChain(view, draft.cycle));
  }
  for (size_t i = 0; i < draft.alignments.size(); ++i) {
    OKR_RETURN_IF_ERROR(CheckAlignmentReference(view, actor, draft.alignments[i], chain,
                                                absl::StrCat(kPrefix, "alignments[", i, "]."),
                                                violations));
  }
  return absl::OkStatus();
}

// A new objective serves others, but none serves it yet: so it cannot close a circle, and the graph
// need not be locked.
absl::StatusOr<std::optional<Cycle>> CheckReferences(store::View& view, const Actor& actor,
                                                     const Objective& draft,
                                                     Violations& violations) {
  OKR_RETURN_IF_ERROR(
      CheckOwnerReference(view, absl::StrCat(kPrefix, "owner"), draft.owner, violations));
  OKR_RETURN_IF_ERROR(CheckSharedWithReferences(view, absl::StrCat(kPrefix, "shared_with"),
                                                draft.shared_with, {}, violations));
  OKR_RETURN_IF_ERROR(CheckAlignmentReferences(view, actor, draft, violations));
  if (draft.cycle.empty()) return std::optional<Cycle>();
  OKR_ASSIGN_OR_RETURN(const auto cycle, view.Find(tables::Cycles(), draft.cycle.relative()));
  CheckCycleExists(absl::StrCat(kPrefix, "cycle"), draft.cycle, cycle.value, violations);
  return cycle ? std::optional<Cycle>(*cycle) : std::nullopt;
}

}  // namespace

absl::Status CreateObjective(const rpc::Call& call, const v1::CreateObjectiveRequest& request,
                             store::View& view, v1::Objective& response) {
  Violations violations;
  Objective draft;
  draft.name = ObjectiveName(ParseParent(call, request.parent(), violations),
                             IdOf(call, "objective_id", request.objective_id(), violations));
  ParseCycle(request.objective(), kPrefix, draft, violations);
  ParseAlignments(request.objective(), kPrefix, draft, violations);
  WantAll(view, draft);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  ParseFields(request.objective(), actor, kPrefix, draft, violations);
  CheckObjective(draft, kPrefix, violations);
  OKR_ASSIGN_OR_RETURN(const std::optional<Cycle> cycle,
                       CheckReferences(view, actor, draft, violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_RETURN_IF_ERROR(Authorize(view, actor, draft.owner, auth::Action::kCreateObjective));
  OKR_ASSIGN_OR_RETURN(const auto taken, view.Find(tables::Objectives(), draft.name.relative()));
  if (taken) return error::AlreadyExists(draft.name.ToString());
  OKR_ASSIGN_OR_RETURN(const Objective created,
                       goals::CreateObjective(std::move(draft), *cycle, actor.name(), view.now()));
  return Store(view, actor, "ObjectiveCreated", created, response);
}

}  // namespace okr::goals::transport
