// How a number came about, as a readable tree.
#pragma once

#include "absl/strings/string_view.h"
#include "cli/render/tree.h"
#include "okr/scoring/v1/resources.pb.h"

namespace okr::cli {

// "progress 0.50, by metric_progress/1 of okr-v1", with its inputs, parts and clamps below. Numbers
// are exact here.
TreeNode ExplanationTree(absl::string_view what, const scoring::v1::Explanation& explanation);

}  // namespace okr::cli
