// Matchers for absl::Status and absl::StatusOr, which this Abseil does not ship.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status/error.h"

namespace okr::testing {

inline const absl::Status& GetStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& status) {
  return status.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).ok();
}
MATCHER_P(HasCode, code, "has the code") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).code() == code;
}
// The reason of okr::ErrorDetails, e.g. HasReason("ETAG_MISMATCH").
MATCHER_P(HasReason, reason, "has the reason") {
  *result_listener << GetStatus(arg).ToString() << " with reason " << ReasonOf(GetStatus(arg));
  return ReasonOf(GetStatus(arg)) == reason;
}
// An INVALID_FIELDS error that names `field`.
MATCHER_P(NamesField, field, "names the field") {
  *result_listener << GetStatus(arg).ToString();
  for (const FieldViolation& violation : DetailsOf(GetStatus(arg)).violations) {
    *result_listener << "; " << violation.field << ": " << violation.description;
    if (violation.field == field) return true;
  }
  return false;
}

}  // namespace okr::testing

#define OKR_TEST_CONCAT_INNER(a, b) a##b
#define OKR_TEST_CONCAT(a, b) OKR_TEST_CONCAT_INNER(a, b)
#define EXPECT_OK(expression) EXPECT_THAT((expression), ::okr::testing::IsOk())
#define ASSERT_OK(expression) ASSERT_THAT((expression), ::okr::testing::IsOk())
#define ASSERT_OK_AND_ASSIGN(lhs, expression)                              \
  auto OKR_TEST_CONCAT(okr_or_, __LINE__) = (expression);                  \
  ASSERT_THAT(OKR_TEST_CONCAT(okr_or_, __LINE__), ::okr::testing::IsOk()); \
  lhs = std::move(OKR_TEST_CONCAT(okr_or_, __LINE__)).value()
