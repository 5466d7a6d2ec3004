// Stores a score, and tells what changed in it.
#pragma once

#include <string>

#include "common/store/view.h"
#include "okr/scoring/v1/resources.pb.h"

namespace okr::scoring {

// Puts the row if it differs in more than the time, and emits ...ScoreChanged if a number does, and
// ...StatusChanged if the status does; what only follows the clock (expected, attainment, the share
// of the time in range) tells nothing. `name` is relative; the row must have been looked for.
// Events of `is_private` scores are for services of the suite alone.
void StoreScore(store::View& view, const std::string& name, v1::KeyResultScore score,
                bool is_private);
void StoreScore(store::View& view, const std::string& name, v1::ObjectiveScore score,
                bool is_private);

// As they stand in events and lists.
v1::KeyResultScore WithoutExplanations(v1::KeyResultScore score);
v1::ObjectiveScore WithoutExplanations(v1::ObjectiveScore score);

}  // namespace okr::scoring
