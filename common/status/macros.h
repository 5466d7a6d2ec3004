// Early returns on absl::Status and absl::StatusOr.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define OKR_STATUS_CONCAT_INNER(a, b) a##b
#define OKR_STATUS_CONCAT(a, b) OKR_STATUS_CONCAT_INNER(a, b)

// Returns the status of `expression` from the enclosing function unless it is OK.
#define OKR_RETURN_IF_ERROR(expression)                             \
  do {                                                              \
    if (absl::Status okr_status = (expression); !okr_status.ok()) { \
      return okr_status;                                            \
    }                                                               \
  } while (false)

// Assigns the value of a StatusOr to `lhs`, or returns its status from the enclosing function.
#define OKR_ASSIGN_OR_RETURN(lhs, expression) \
  OKR_ASSIGN_OR_RETURN_INNER(OKR_STATUS_CONCAT(okr_status_or_, __LINE__), lhs, expression)
#define OKR_ASSIGN_OR_RETURN_INNER(statusor, lhs, expression) \
  auto statusor = (expression);                               \
  if (!statusor.ok()) return std::move(statusor).status();    \
  lhs = std::move(statusor).value()
