#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/status/macros.h"
#include "services/goals/domain/alignment.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/objective.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_commands.h"
#include "services/goals/transport/graph_lock.h"
#include "services/goals/transport/references.h"

namespace okr::goals::transport {
namespace {

absl::StatusOr<std::vector<std::string>> ParentsOf(store::View& view, const std::string& name) {
  OKR_ASSIGN_OR_RETURN(const auto objective, view.Find(tables::Objectives(), name));
  std::vector<std::string> parents;
  if (!objective || objective->deleted()) return parents;
  for (const Alignment& alignment : objective->alignments) {
    parents.emplace_back(alignment.parent_objective().relative());
  }
  return parents;
}

// Full names; what the actor may not see has none.
std::vector<std::string> Shown(store::View& view, const Actor& actor,
                               const std::vector<std::string>& path) {
  std::vector<std::string> shown;
  for (const std::string& name : path) {
    const auto objective = view.Find(tables::Objectives(), name);
    const bool visible = objective.ok() && *objective && MayRead(actor, **objective);
    shown.push_back(visible ? (*objective)->name.ToString() : "(private)");
  }
  return shown;
}

absl::Status EnsureAcyclic(store::View& view, const Actor& actor, const ObjectiveName& child,
                           const ObjectiveName& parent) {
  OKR_ASSIGN_OR_RETURN(
      const std::vector<std::string> path,
      FindPath(std::string(parent.relative()), std::string(child.relative()),
               [&view](const std::string& name) { return ParentsOf(view, name); }));
  return path.empty() ? absl::OkStatus() : error::AlignmentCycle(Shown(view, actor, path));
}

absl::Status CheckAlignmentOf(store::View& view, const Actor& actor, const FoundObjective& child,
                              const Alignment& alignment) {
  constexpr char kPrefix[] = "alignment.";
  Violations violations;
  CheckAlignment(child.objective.name, alignment, kPrefix, violations);
  OKR_ASSIGN_OR_RETURN(const std::vector<CycleName> chain, CycleChain(view, child.objective.cycle));
  OKR_RETURN_IF_ERROR(CheckAlignmentReference(view, actor, alignment, chain, kPrefix, violations));
  if (!violations.empty()) return violations.ToStatus();
  return EnsureOpen(child.objective, child.cycle);
}

}  // namespace

absl::Status AlignObjective(const rpc::Call& call, const v1::AlignObjectiveRequest& request,
                            store::View& view, v1::Objective& response) {
  Violations violations;
  const auto name = ParseName<ObjectiveName>("name", request.name(), violations);
  const auto alignment = ParseAlignment(request.alignment(), "alignment.", violations);
  if (!violations.empty()) return violations.ToStatus();
  WantObjective(view, *name);
  view.Want(tables::Objectives(), alignment->parent_objective().relative());
  OKR_RETURN_IF_ERROR(LockGraph(view, tables::kAlignmentGraph));
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(FoundObjective found, FindObjective(view, actor, *name));
  OKR_RETURN_IF_ERROR(AuthorizeChange(view, actor, found.objective));
  OKR_RETURN_IF_ERROR(CheckEtag(name->ToString(), request.etag(), found.version));
  OKR_RETURN_IF_ERROR(CheckAlignmentOf(view, actor, found, *alignment));
  OKR_RETURN_IF_ERROR(EnsureAcyclic(view, actor, *name, alignment->parent_objective()));
  OKR_ASSIGN_OR_RETURN(const Objective next, Align(found.objective, *alignment, view.now()));
  if (next == found.objective) return Show(view, actor, next, found.version, response);
  return Store(view, actor, "ObjectiveAligned", next, response, alignment->parent_name());
}

// Needs no lock of the graph: a way less closes no circle.
absl::Status UnalignObjective(const rpc::Call& call, const v1::UnalignObjectiveRequest& request,
                              store::View& view, v1::Objective& response) {
  Violations violations;
  const auto name = ParseName<ObjectiveName>("name", request.name(), violations);
  v1::Alignment message;
  message.set_parent(request.parent());
  const auto parent = ParseAlignment(message, "", violations);
  if (!violations.empty()) return violations.ToStatus();
  WantObjective(view, *name);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(FoundObjective found, FindObjective(view, actor, *name));
  OKR_RETURN_IF_ERROR(AuthorizeChange(view, actor, found.objective));
  OKR_RETURN_IF_ERROR(CheckEtag(name->ToString(), request.etag(), found.version));
  OKR_RETURN_IF_ERROR(EnsureOpen(found.objective, found.cycle));
  OKR_ASSIGN_OR_RETURN(const Objective next,
                       Unalign(std::move(found.objective), parent->parent_name(), view.now()));
  return Store(view, actor, "ObjectiveUnaligned", next, response, parent->parent_name());
}

}  // namespace okr::goals::transport
