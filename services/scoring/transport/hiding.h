// What is taken out of an answer because its reader may not see it.
#pragma once

#include <functional>

#include "absl/strings/string_view.h"
#include "okr/scoring/v1/resources.pb.h"

namespace okr::scoring {

// Leaves progress, pace and status.
void HideScore(v1::KeyResultScore& score);
void HideScore(v1::ObjectiveScore& score);

// A part for which `visible` is false becomes "part 3", and keeps only what it contributes.
void HideParts(const std::function<bool(absl::string_view name)>& visible,
               v1::Explanation& explanation);

}  // namespace okr::scoring
