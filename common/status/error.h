// What every refusal carries beside its code and message: a stable reason, metadata, the wrong
// fields and retry advice. Travels as a payload of absl::Status, so the domain needs no protobuf;
// common/rpc turns it into google.rpc.ErrorInfo, BadRequest and RetryInfo.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr {

// One wrong field of a request.
struct FieldViolation {
  std::string field;        // Path as the caller wrote it, e.g. "key_result.metric.target".
  std::string description;  // What is wrong, with the value, and the way out.
  bool operator==(const FieldViolation&) const = default;
};

struct ErrorDetails {
  std::string reason;  // Name of a value of okr.errors.v1.ErrorReason, e.g. "ETAG_MISMATCH".
  std::map<std::string, std::string> metadata;
  std::vector<FieldViolation> violations;
  std::optional<absl::Duration> retry_delay;  // When the same call may be tried again.
  bool operator==(const ErrorDetails&) const = default;
};

// An error of `code` that carries `details`.
absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details);

// INVALID_ARGUMENT / INVALID_FIELDS naming all wrong fields; OK if there are none.
absl::Status InvalidFields(std::vector<FieldViolation> violations);

// The details of an error made by MakeError; empty ones for any other status.
ErrorDetails DetailsOf(const absl::Status& status);

// Shorthand for DetailsOf(status).reason.
std::string ReasonOf(const absl::Status& status);

// Gathers the wrong fields of one request, so that all are named at once.
class Violations {
 public:
  void Add(absl::string_view field, absl::string_view description);
  // Adds the violations of `status` with `prefix` before each field; any other error is added as it
  // is.
  void AddFrom(absl::string_view prefix, const absl::Status& status);
  bool empty() const { return violations_.empty(); }
  // See InvalidFields.
  absl::Status ToStatus() const { return InvalidFields(violations_); }

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace okr
