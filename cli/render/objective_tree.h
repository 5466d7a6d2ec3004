// The alignment tree.
#pragma once

#include <string>

#include "okr/goals/v1/goals_service.pb.h"

namespace okr::cli {

// Each objective with progress bar, percent, status, score and owner. One that serves several
// others stands in full below the first, and with "(see above)" below the others.
std::string RenderObjectiveTree(const goals::v1::GetAlignmentTreeResponse& tree, bool colours);

}  // namespace okr::cli
