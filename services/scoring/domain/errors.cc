#include "services/scoring/domain/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace okr::scoring::error {
namespace {

absl::Status WrongState(absl::string_view message, const char* reason, const char* kind,
                        absl::string_view name, absl::string_view state) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, message,
      {.reason = reason, .metadata = {{kind, std::string(name)}, {"state", std::string(state)}}});
}

absl::string_view WhatIsMissing(absl::string_view missing) {
  if (missing == "CLOSE") return "the cycle is not closed yet";
  if (missing == "SEAL") return "not all its check-ins are counted yet; try again in a moment";
  return "its last scores are being computed; try again in a moment";
}

}  // namespace

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, absl::StrCat(name, " does not exist"),
                   {.reason = "RESOURCE_NOT_FOUND", .metadata = {{"name", std::string(name)}}});
}

absl::Status CycleNotGrading(absl::string_view cycle, absl::string_view state) {
  return WrongState(
      absl::StrCat(cycle, " is ", state, "; key results are graded while it is GRADING"),
      "CYCLE_STATE", "cycle", cycle, state);
}

absl::Status ObjectiveCountsNowhere(absl::string_view objective, absl::string_view state) {
  return WrongState(absl::StrCat(objective, " is ", state,
                                 " and counts nowhere; only active objectives are graded"),
                    "OBJECTIVE_STATE", "objective", objective, state);
}

absl::Status KeyResultRetired(absl::string_view key_result) {
  return WrongState(absl::StrCat(key_result, " is RETIRED and counts nowhere; it needs no grade"),
                    "KEY_RESULT_STATE", "key_result", key_result, "RETIRED");
}

absl::Status ScoresNotFinal(absl::string_view cycle, absl::string_view missing) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("the scores of ", cycle, " are not final: ", WhatIsMissing(missing)),
      {.reason = "SCORES_NOT_FINAL",
       .metadata = {{"cycle", std::string(cycle)}, {"missing", std::string(missing)}}});
}

}  // namespace okr::scoring::error
