// What the events of checkins mean to the scores.
#pragma once

#include "services/scoring/consumers/score_handler.h"

namespace okr::scoring {

// Keeps what check-ins say and when the next ones are due; the seal of a cycle begins a sweep.
// `shards` as in ScoreDeps.
MakeWork CheckInEvents(int shards);

}  // namespace okr::scoring
