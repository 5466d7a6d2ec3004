// What the events of scoring tell.
#pragma once

#include "absl/status/status.h"
#include "services/notifications/consumers/telling.h"

namespace okr::notifications {

// KeyResultStatusChanged and ObjectiveStatusChanged: the owner, where IsWorthTelling says so and
// the score is not final. Events of scores and grades tell nobody.
absl::Status TellOfScores(Telling& telling);

}  // namespace okr::notifications
