// What the events of goals and its directory mean to the scores.
#pragma once

#include <functional>

#include "services/scoring/consumers/score_handler.h"

namespace okr::scoring {

// Keeps the projection; computes what depends on changed objectives and key results; a changed
// cycle or organization begins a sweep. `shards` as in ScoreDeps.
MakeWork GoalsEvents(int shards);

}  // namespace okr::scoring
