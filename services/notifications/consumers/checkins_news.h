// What the events of checkins tell.
#pragma once

#include "absl/status/status.h"
#include "services/notifications/consumers/telling.h"

namespace okr::notifications {

// CheckInDue and CheckInOverdue: the owner of the key result. CheckInCreated with blockers: those
// whose help is asked for, and the owners of the key result and of the objective.
absl::Status TellOfCheckIns(Telling& telling);

}  // namespace okr::notifications
