// Refusals of the scoring service.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace okr::scoring::error {

// NOT_FOUND / RESOURCE_NOT_FOUND: there is none, or the caller may not see it.
absl::Status NotFound(absl::string_view name);
// FAILED_PRECONDITION / CYCLE_STATE: key results are graded while their cycle is GRADING.
absl::Status CycleNotGrading(absl::string_view cycle, absl::string_view state);
// FAILED_PRECONDITION / OBJECTIVE_STATE and KEY_RESULT_STATE: what counts nowhere is not graded.
absl::Status ObjectiveCountsNowhere(absl::string_view objective, absl::string_view state);
absl::Status KeyResultRetired(absl::string_view key_result);
// FAILED_PRECONDITION / SCORES_NOT_FINAL; `missing` is "CLOSE", "SEAL" or "SCORES".
absl::Status ScoresNotFinal(absl::string_view cycle, absl::string_view missing);

}  // namespace okr::scoring::error
