// How a refusal has to look.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/testing/status_matchers.h"

namespace okr::testing {

// The code that okr.errors.v1.ErrorReason says of a reason; UNKNOWN for what it does not have.
absl::StatusCode CodeOfReason(absl::string_view reason);

// Whether a call was refused with `reason` and the code that belongs to it.
MATCHER_P(IsRefused, reason, "is refused with the reason") {
  const absl::Status& status = GetStatus(arg);
  *result_listener << status.ToString() << " with reason " << ReasonOf(status);
  return ReasonOf(status) == reason && status.code() == CodeOfReason(reason);
}

// The fields that a refusal names, each once, sorted; {"not INVALID_FIELDS: ..."} for all else.
std::vector<std::string> WrongFields(const absl::Status& status);
template <typename T>
std::vector<std::string> WrongFields(const absl::StatusOr<T>& answer) {
  return WrongFields(answer.status());
}

}  // namespace okr::testing
