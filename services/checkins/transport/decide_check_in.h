// Whether a check-in is accepted, and what follows from it.
#pragma once

#include "absl/status/status.h"
#include "common/store/view.h"
#include "okr/checkins/v1/resources.pb.h"
#include "services/checkins/transport/check_in_command.h"

namespace okr::checkins {

// Pure, see store::Command::decide. Needs two rounds of rows: what the names in the command say,
// then the cycle and the owning team. Refusals, the first that fits: RESOURCE_NOT_FOUND (also of a
// private objective), PERSON_UNKNOWN, PERMISSION_DENIED, CYCLE_STATE, OBJECTIVE_STATE,
// KEY_RESULT_STATE, RESOURCE_ALREADY_EXISTS, INVALID_FIELDS with all wrong fields.
absl::Status DecideCheckIn(const CheckInCommand& command, store::View& view, v1::CheckIn& response);

// Whether `status`, from DecideCheckIn, rests on what goals owns, so that it may be another one
// when this service has caught up with goals.
bool RestsOnProjections(const absl::Status& status);

}  // namespace okr::checkins
