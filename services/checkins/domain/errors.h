// Refusals of check-ins. Names are full resource names.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/resources/resources.h"

namespace okr::checkins::error {

// NOT_FOUND / RESOURCE_NOT_FOUND; also where the caller may not see it.
absl::Status NotFound(absl::string_view name);
// ALREADY_EXISTS / RESOURCE_ALREADY_EXISTS.
absl::Status AlreadyExists(absl::string_view name);
// PERMISSION_DENIED / PERMISSION_DENIED: who may check in.
absl::Status MayNotCheckIn(const KeyResultName& key_result, const Owner& owner);
// FAILED_PRECONDITION / CYCLE_STATE.
absl::Status CycleNotActive(const Cycle& cycle);
// FAILED_PRECONDITION / OBJECTIVE_STATE.
absl::Status ObjectiveNotActive(const Objective& objective);
// FAILED_PRECONDITION / KEY_RESULT_STATE.
absl::Status KeyResultNotActive(const KeyResult& key_result);

}  // namespace okr::checkins::error
