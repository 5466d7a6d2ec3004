#include "services/goals/transport/graph_lock.h"

#include "common/status/macros.h"
#include "services/goals/store/tables.h"

namespace okr::goals::transport {

absl::Status LockGraph(store::View& view, absl::string_view graph) {
  OKR_ASSIGN_OR_RETURN(const auto lock, view.Find(tables::GraphLocks(), graph));
  // Without a row there is nothing to lock, and of two that make it one collides and is run again.
  if (!lock) view.Put(tables::GraphLocks(), graph, tables::GraphLock());
  return absl::OkStatus();
}

}  // namespace okr::goals::transport
