#include "services/goals/domain/cycle.h"

#include <string>
#include <utility>

#include "common/failpoint/failpoint.h"
#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/objective.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/directory_commands.h"

namespace okr::goals::transport {
namespace {

// The cycle of a request with `name` and `etag`, which the caller may move on.
template <typename Request>
absl::StatusOr<Cycle> FindCycle(const rpc::Call& call, const Request& request, store::View& view) {
  OKR_ASSIGN_OR_RETURN(const CycleName name, CycleName::Parse(request.name()));
  view.Want(tables::Cycles(), name.relative());
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Cycles(), name.relative()));
  if (!found) return error::NotFound(name.ToString());
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.etag(), found.version));
  return *found;
}

// What is being worked on ends with its cycle; drafts stay what they are.
absl::Status CloseObjectives(store::View& view, const CycleName& cycle) {
  OKR_ASSIGN_OR_RETURN(const auto objectives,
                       view.Select(tables::Objectives(), "cycle", std::string(cycle.relative())));
  for (const auto& row : objectives) {
    const auto closed = CloseObjective(*row.value, view.now());
    if (closed) Store(view, "ObjectiveClosed", *closed);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ActivateCycle(const rpc::Call& call,
                           const directory::v1::ActivateCycleRequest& request, store::View& view,
                           directory::v1::Cycle& response) {
  OKR_ASSIGN_OR_RETURN(Cycle cycle, FindCycle(call, request, view));
  OKR_ASSIGN_OR_RETURN(cycle, goals::ActivateCycle(std::move(cycle), view.now()));
  Store(view, "CycleActivated", cycle, response);
  return absl::OkStatus();
}

// The event is the barrier: whoever reads it knows that what is accepted later does not count.
absl::Status OpenCycleGrading(const rpc::Call& call,
                              const directory::v1::OpenCycleGradingRequest& request,
                              store::View& view, directory::v1::Cycle& response) {
  OKR_ASSIGN_OR_RETURN(Cycle cycle, FindCycle(call, request, view));
  OKR_ASSIGN_OR_RETURN(cycle, goals::OpenCycleGrading(std::move(cycle), view.now()));
  Store(view, "CycleGradingOpened", cycle, response);
  failpoint::Reach(failpoint::FailPoint::kBarrierDecided);
  return absl::OkStatus();
}

absl::Status CloseCycle(const rpc::Call& call, const directory::v1::CloseCycleRequest& request,
                        store::View& view, directory::v1::Cycle& response) {
  OKR_ASSIGN_OR_RETURN(Cycle cycle, FindCycle(call, request, view));
  OKR_ASSIGN_OR_RETURN(cycle, goals::CloseCycle(std::move(cycle), view.now()));
  OKR_RETURN_IF_ERROR(CloseObjectives(view, cycle.name));
  Store(view, "CycleClosed", cycle, response);
  return absl::OkStatus();
}

}  // namespace okr::goals::transport
