#include "common/postgres/sqlstate.h"

#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/status/error.h"

namespace okr::postgres {
namespace {

constexpr absl::string_view kPayloadUrl = "okr/postgres-failure";
constexpr size_t kFields = 8;

std::string Encode(const Failure& failure) {
  const std::vector<std::string> fields = {
      failure.sqlstate,
      failure.message,
      failure.detail,
      failure.constraint,
      failure.statement ? absl::StrCat(*failure.statement) : "",
      failure.connection_lost ? "1" : "",
      failure.timed_out ? "1" : "",
      failure.outcome_unknown ? "1" : "",
  };
  return absl::StrJoin(fields, "\n", [](std::string* out, const std::string& field) {
    out->append(absl::CEscape(field));
  });
}

std::optional<Failure> Decode(const std::string& text) {
  std::vector<std::string> fields = absl::StrSplit(text, '\n');
  if (fields.size() != kFields) return std::nullopt;
  for (std::string& field : fields) {
    std::string plain;
    if (!absl::CUnescape(field, &plain)) return std::nullopt;
    field = std::move(plain);
  }
  Failure failure{.sqlstate = fields[0],
                  .message = fields[1],
                  .detail = fields[2],
                  .constraint = fields[3],
                  .connection_lost = !fields[5].empty(),
                  .timed_out = !fields[6].empty(),
                  .outcome_unknown = !fields[7].empty()};
  size_t statement = 0;
  if (absl::SimpleAtoi(fields[4], &statement)) failure.statement = statement;
  return failure;
}

bool InClass(const std::string& sqlstate, absl::string_view sql_class) {
  return absl::StartsWith(sqlstate, sql_class);
}

bool IsConflict(const std::string& state) {
  return state == "40001" || state == "40P01" || state == "55P03" ||
         // A prepared statement that the server no longer has, or whose tables have changed.
         state == "26000" || state == "0A000";
}

bool IsUnavailable(const std::string& state) {
  return InClass(state, "08") || InClass(state, "53") || InClass(state, "57") ||
         InClass(state, "58") || InClass(state, "28") || state == "25006" || state == "40003" ||
         state == "25P03" || state == "3D000";
}

absl::Status Classify(const Failure& failure, absl::Duration retry_delay) {
  const std::string& state = failure.sqlstate;
  if (failure.outcome_unknown) {
    return MakeError(absl::StatusCode::kUnavailable,
                     "the database went away while it was committing; "
                     "repeat the request with the same request id",
                     {.reason = "DATABASE_UNAVAILABLE", .retry_delay = retry_delay});
  }
  if (failure.connection_lost || failure.timed_out || state.empty() || IsUnavailable(state)) {
    return MakeError(absl::StatusCode::kUnavailable, "the database is not available; try again",
                     {.reason = "DATABASE_UNAVAILABLE", .retry_delay = retry_delay});
  }
  if (IsConflict(state)) {
    return MakeError(absl::StatusCode::kAborted, "the change met a concurrent one; try again",
                     {.reason = "TRANSACTION_CONFLICT", .retry_delay = absl::ZeroDuration()});
  }
  if (state == "23505") {
    return MakeError(absl::StatusCode::kAlreadyExists, "a row with this key exists already",
                     {.reason = "ALREADY_EXISTS"});
  }
  if (InClass(state, "23")) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "the change would break a rule of the stored data",
                     {.reason = "CONSTRAINT_VIOLATED"});
  }
  if (InClass(state, "22")) {
    return MakeError(absl::StatusCode::kInvalidArgument, "a value cannot be stored",
                     {.reason = "INVALID_VALUE"});
  }
  return MakeError(absl::StatusCode::kInternal, "the database refused a statement",
                   {.reason = "INTERNAL"});
}

}  // namespace

absl::Status MakeFailure(const Failure& failure, absl::Duration retry_delay) {
  absl::Status status = Classify(failure, retry_delay);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(failure)));
  return status;
}

std::optional<Failure> FailureOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  return Decode(std::string(*payload));
}

std::string SqlStateOf(const absl::Status& status) {
  const std::optional<Failure> failure = FailureOf(status);
  return failure ? failure->sqlstate : "";
}

std::string LogDetailOf(const absl::Status& status) {
  const std::optional<Failure> failure = FailureOf(status);
  if (!failure) return std::string(status.message());
  std::string text = failure->message;
  if (!failure->sqlstate.empty()) absl::StrAppend(&text, " (SQLSTATE ", failure->sqlstate, ")");
  if (!failure->constraint.empty()) absl::StrAppend(&text, "; constraint ", failure->constraint);
  if (!failure->detail.empty()) absl::StrAppend(&text, "; ", failure->detail);
  if (failure->statement) absl::StrAppend(&text, "; statement ", *failure->statement);
  if (failure->timed_out) absl::StrAppend(&text, "; out of time");
  if (failure->outcome_unknown) absl::StrAppend(&text, "; outcome unknown");
  return text;
}

bool IsRetryable(const absl::Status& status) {
  const std::optional<Failure> failure = FailureOf(status);
  return failure && !failure->outcome_unknown && !failure->connection_lost &&
         IsConflict(failure->sqlstate);
}

bool IsConnectionLost(const absl::Status& status) {
  const std::optional<Failure> failure = FailureOf(status);
  return failure && failure->connection_lost;
}

bool IsOutcomeUnknown(const absl::Status& status) {
  const std::optional<Failure> failure = FailureOf(status);
  return failure && failure->outcome_unknown;
}

bool IsRefused(const absl::Status& status) {
  const std::optional<Failure> failure = FailureOf(status);
  return failure && !failure->connection_lost && !failure->outcome_unknown && !failure->timed_out &&
         !failure->sqlstate.empty() && !IsConflict(failure->sqlstate) &&
         !IsUnavailable(failure->sqlstate);
}

}  // namespace okr::postgres
