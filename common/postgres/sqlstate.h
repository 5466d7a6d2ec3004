// What PostgreSQL or the way to it refused, as absl::Status: the one place that reads SQLSTATEs.
//
// The message of such a status is generic and may be shown to a client; the server's own words are
// kept in a payload (FailureOf), for the log and for operators' tools.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr::postgres {

struct Failure {
  std::string sqlstate;    // Five characters; empty if the server gave no verdict.
  std::string message;     // Primary message of the server or of libpq.
  std::string detail;      // DETAIL and HINT.
  std::string constraint;  // Name of the violated constraint.
  // Index among the statements of the pipeline, in the order of Enqueue.
  std::optional<size_t> statement;
  bool connection_lost = false;
  bool timed_out = false;  // The caller's deadline or statement_timeout passed.
  // The transaction may or may not have been committed: the reply to COMMIT was lost.
  bool outcome_unknown = false;
  bool operator==(const Failure&) const = default;
};

// The code and reason that `failure` maps to, with the failure as a payload:
//   ABORTED / TRANSACTION_CONFLICT     serialization failure, deadlock, lock timeout, stale plan
//   UNAVAILABLE / DATABASE_UNAVAILABLE connection lost or refused, server stopping, starting, full
//                                      or read-only, out of time; with retry delay
//   ALREADY_EXISTS                     unique violation
//   FAILED_PRECONDITION                other constraints
//   INVALID_ARGUMENT                   data exceptions (class 22)
//   INTERNAL                           everything else, row-level security among it
absl::Status MakeFailure(const Failure& failure, absl::Duration retry_delay = absl::Seconds(1));

// The failure of a status that came from here; nullopt for any other.
std::optional<Failure> FailureOf(const absl::Status& status);

// "" if there is none.
std::string SqlStateOf(const absl::Status& status);

// One line with all that is known, for the log only.
std::string LogDetailOf(const absl::Status& status);

// The same transaction may succeed when it is run again at once, from its beginning.
bool IsRetryable(const absl::Status& status);

// The connection is gone; another one, or this one after Reset, may work.
bool IsConnectionLost(const absl::Status& status);

// It is not known whether the transaction was committed.
bool IsOutcomeUnknown(const absl::Status& status);

// The server refused what the statements say (data, constraint, program error), so that the same
// batch fails again: worth splitting it to find the poisonous member.
bool IsRefused(const absl::Status& status);

}  // namespace okr::postgres
