#include <algorithm>
#include <string>
#include <utility>

#include "common/fieldmask/update_mask.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/cycle.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/key_result.h"
#include "services/goals/domain/references.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/directory_commands.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/references.h"

namespace okr::goals::transport {
namespace {

constexpr char kPrefix[] = "cycle.";
constexpr char kEndDate[] = "cycle.end_date";

// That the parent exists, contains the cycle and does not lie in it; `dates` are right.
absl::Status CheckParent(store::View& view, const Cycle& cycle, bool dates,
                         Violations& violations) {
  if (!cycle.parent || *cycle.parent == cycle.name) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const auto parent, view.Find(tables::Cycles(), cycle.parent->relative()));
  const std::string field = absl::StrCat(kPrefix, "parent");
  CheckCycleExists(field, *cycle.parent, parent.value, violations);
  if (!parent) return absl::OkStatus();
  if (dates) CheckInsideParent(cycle, *parent, kPrefix, violations);
  // Rows on the way are locked, so that two that make each other their parent collide.
  OKR_ASSIGN_OR_RETURN(const std::vector<CycleName> chain, CycleChain(view, *cycle.parent));
  if (std::find(chain.begin(), chain.end(), cycle.name) != chain.end()) {
    violations.Add(field, absl::StrCat("is ", cycle.parent->ToString(), ", which lies in ",
                                       cycle.name.ToString(), " itself"));
  }
  return absl::OkStatus();
}

// That what lies in the cycle still does after its dates moved.
absl::Status CheckContents(store::View& view, const Cycle& next, Violations& violations) {
  const std::string name(next.name.relative());
  view.WantSelection(tables::KeyResults(), "cycle", name);
  OKR_ASSIGN_OR_RETURN(const auto children, view.Select(tables::Cycles(), "parent", name));
  OKR_ASSIGN_OR_RETURN(const auto key_results, view.Select(tables::KeyResults(), "cycle", name));
  for (const auto& row : children) {
    if (LiesInside(*row.value, next)) continue;
    violations.Add(kEndDate, absl::StrCat("and start_date leave out ", row.value->name.ToString(),
                                          ", which lies in this cycle"));
    break;
  }
  const auto outside = [&](const auto& row) {
    return IsLive(*row.value) && !FitsInto(*row.value, next);
  };
  const auto first = std::find_if(key_results.begin(), key_results.end(), outside);
  if (first != key_results.end()) {
    violations.Add(kEndDate, absl::StrCat("and start_date leave out ",
                                          std::count_if(first, key_results.end(), outside),
                                          " key results, e.g. ", first->value->name.ToString()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CreateCycle(const rpc::Call& call, const directory::v1::CreateCycleRequest& request,
                         store::View& view, directory::v1::Cycle& response) {
  view.Want(tables::Organizations(), "");
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  Violations violations;
  Cycle draft;
  draft.name = CycleName(ParseParent(call, request.parent(), violations),
                         IdOf(call, "cycle_id", request.cycle_id(), violations));
  view.Want(tables::Cycles(), draft.name.relative());
  const bool dates = ParseFields(request.cycle(), kPrefix, draft, violations);
  CheckCycle(draft, kPrefix, violations);
  if (dates) CheckCycleDates(draft, kPrefix, violations);
  OKR_RETURN_IF_ERROR(CheckParent(view, draft, dates, violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(const auto organization, view.Find(tables::Organizations(), ""));
  if (!organization) return error::NotFound(draft.name.organization().ToString());
  OKR_ASSIGN_OR_RETURN(const auto taken, view.Find(tables::Cycles(), draft.name.relative()));
  if (taken) return error::AlreadyExists(draft.name.ToString());
  Store(view, "CycleCreated", goals::CreateCycle(std::move(draft), view.now()), response);
  return absl::OkStatus();
}

absl::Status UpdateCycle(const rpc::Call& call, const directory::v1::UpdateCycleRequest& request,
                         store::View& view, directory::v1::Cycle& response) {
  OKR_ASSIGN_OR_RETURN(const CycleName name,
                       CycleName::Parse(request.cycle().name(), "cycle.name"));
  view.Want(tables::Cycles(), name.relative());
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Cycles(), name.relative()));
  if (!found) return error::NotFound(name.ToString());
  const Cycle present = *found;
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.cycle().etag(), found.version));
  Violations violations;
  directory::v1::Cycle message = ToProto(present);
  ApplyUpdateMask(request.update_mask(), request.cycle(), {.resource = "cycle"}, message,
                  violations);
  Cycle next = present;
  const bool dates = ParseFields(message, kPrefix, next, violations);
  CheckCycle(next, kPrefix, violations);
  if (dates) CheckCycleDates(next, kPrefix, violations);
  const bool moved = dates && !SameDates(present, next);
  if (moved || next.parent != present.parent) {
    OKR_RETURN_IF_ERROR(CheckParent(view, next, dates, violations));
  }
  if (moved) OKR_RETURN_IF_ERROR(CheckContents(view, next, violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(next, goals::ChangeCycle(present, std::move(next), view.now()));
  if (next == present) {
    Show(next, found.version, response);
    return absl::OkStatus();
  }
  Store(view, "CycleUpdated", next, response);
  return absl::OkStatus();
}

}  // namespace okr::goals::transport
