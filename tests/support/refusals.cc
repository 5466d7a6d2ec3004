#include "tests/support/refusals.h"

#include <algorithm>
#include <map>

#include "common/status/error.h"

namespace okr::testing {

absl::StatusCode CodeOfReason(absl::string_view reason) {
  using Code = absl::StatusCode;
  static const auto& codes = *new std::map<absl::string_view, Code>{
      {"INVALID_FIELDS", Code::kInvalidArgument},
      {"REQUEST_TOO_LARGE", Code::kInvalidArgument},
      {"RESOURCE_NOT_FOUND", Code::kNotFound},
      {"RESOURCE_ALREADY_EXISTS", Code::kAlreadyExists},
      {"REQUEST_ID_REUSED", Code::kAlreadyExists},
      {"ETAG_MISMATCH", Code::kAborted},
      {"PERMISSION_DENIED", Code::kPermissionDenied},
      {"WRONG_ORGANIZATION", Code::kPermissionDenied},
      {"TOKEN_MISSING", Code::kUnauthenticated},
      {"TOKEN_MALFORMED", Code::kUnauthenticated},
      {"TOKEN_EXPIRED", Code::kUnauthenticated},
      {"TOKEN_NOT_YET_VALID", Code::kUnauthenticated},
      {"TOKEN_SIGNATURE_INVALID", Code::kUnauthenticated},
      {"TOKEN_ISSUER_UNKNOWN", Code::kUnauthenticated},
      {"TOKEN_AUDIENCE_WRONG", Code::kUnauthenticated},
      {"TOKEN_CLAIM_MISSING", Code::kUnauthenticated},
      {"TOKEN_ALGORITHM_NOT_ALLOWED", Code::kUnauthenticated},
      {"CYCLE_STATE", Code::kFailedPrecondition},
      {"OBJECTIVE_STATE", Code::kFailedPrecondition},
      {"KEY_RESULT_STATE", Code::kFailedPrecondition},
      {"ALIGNMENT_CYCLE", Code::kFailedPrecondition},
      {"TEAM_CYCLE", Code::kFailedPrecondition},
      {"RESOURCE_IN_USE", Code::kFailedPrecondition},
      {"PERSON_UNKNOWN", Code::kFailedPrecondition},
      {"SCORES_NOT_FINAL", Code::kFailedPrecondition},
      {"POSITION_UNKNOWN", Code::kOutOfRange},
      {"STATE_NOT_REACHED", Code::kDeadlineExceeded},
      {"METHOD_UNKNOWN", Code::kUnimplemented}};
  const auto found = codes.find(reason);
  return found == codes.end() ? Code::kUnknown : found->second;
}

std::vector<std::string> WrongFields(const absl::Status& status) {
  if (ReasonOf(status) != "INVALID_FIELDS" || status.code() != absl::StatusCode::kInvalidArgument) {
    return {"not INVALID_FIELDS: " + status.ToString()};
  }
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations) {
    fields.push_back(violation.field);
  }
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

}  // namespace okr::testing
