// Keeps a graph acyclic under concurrent writes: whoever adds an edge first takes the lock of the
// organization's graph, and reads the graph only then.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/store/view.h"

namespace okr::goals::transport {

// `graph` is tables::kAlignmentGraph or kTeamGraph. Its row is of the first table that is locked,
// so rows of the same round are read behind it.
absl::Status LockGraph(store::View& view, absl::string_view graph);

}  // namespace okr::goals::transport
