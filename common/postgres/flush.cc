#include "common/postgres/flush.h"

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/socket/await_socket.h"
#include "common/status/macros.h"

namespace okr::postgres {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using OwnedResult = std::unique_ptr<PGresult, ClearResult>;

enum class Awaited { kInput, kTimedOut, kLost };

// Sends what waits to be sent until there is something to read.
Awaited AwaitInput(PGconn* connection, absl::Time deadline) {
  const int unsent = PQflush(connection);
  // A failed write is not the end: the server's reason may still be readable.
  const SocketEvents events{.read = true, .write = unsent == 1};
  if (!AwaitSocket(PQsocket(connection), events, deadline)) return Awaited::kTimedOut;
  return PQconsumeInput(connection) == 1 ? Awaited::kInput : Awaited::kLost;
}

std::string Field(const PGresult* result, int code) {
  const char* value = PQresultErrorField(result, code);
  return value == nullptr ? "" : value;
}

bool IsFatal(const PGresult* result) {
  const std::string severity = Field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

Failure ReadFailure(const PGresult* result) {
  Failure failure{.sqlstate = Field(result, PG_DIAG_SQLSTATE),
                  .message = Field(result, PG_DIAG_MESSAGE_PRIMARY),
                  .detail = Field(result, PG_DIAG_MESSAGE_DETAIL),
                  .constraint = Field(result, PG_DIAG_CONSTRAINT_NAME)};
  const std::string hint = Field(result, PG_DIAG_MESSAGE_HINT);
  if (!hint.empty()) absl::StrAppend(&failure.detail, failure.detail.empty() ? "" : "; ", hint);
  if (failure.message.empty()) {
    failure.message = std::string(absl::StripAsciiWhitespace(PQresultErrorMessage(result)));
  }
  failure.timed_out = failure.sqlstate == "57014";
  return failure;
}

}  // namespace

absl::StatusOr<std::vector<Result>> FlushRun::Run(absl::Time deadline) {
  if (queue_.statements == 1) {
    times_ = 1;
  } else if (queue_.timed) {
    times_ = ConnectionStats::kTimedFlushes;
  }
  last_result_ = absl::Now();
  if (absl::Status sent = Send(); !sent.ok()) return sent;
  if (absl::Status read = ReadAll(deadline); !read.ok()) return FinishLost(read);
  return Finish();
}

absl::Status FlushRun::Send() {
  if (!queue_.error.ok()) return queue_.error;
  if (connection_.broken_) return connection_.Lost("the connection is broken");
  results_.reserve(queue_.statements);
  if (PQpipelineSync(connection_.connection_.get()) != 1) {
    return connection_.Lost(PQerrorMessage(connection_.connection_.get()));
  }
  return absl::OkStatus();
}

absl::Status FlushRun::ReadAll(absl::Time deadline) {
  PGconn* const connection = connection_.connection_.get();
  while (!synced_) {
    if (PQisBusy(connection) == 0) {
      PGresult* const result = PQgetResult(connection);
      if (result == nullptr && !has_reply_) return connection_.Lost("replies do not fit requests");
      Take(result);
      if (PQstatus(connection) == CONNECTION_BAD) {
        ReadLastWords();
        return connection_.Lost(PQerrorMessage(connection));
      }
      continue;
    }
    switch (AwaitInput(connection, deadline)) {
      case Awaited::kInput:
        break;
      case Awaited::kTimedOut:
        connection_.Abandon();
        return connection_.Lost("the server did not answer before the deadline",
                                /*timed_out=*/true);
      case Awaited::kLost:
        ReadLastWords();
        return connection_.Lost(PQerrorMessage(connection));
    }
  }
  return absl::OkStatus();
}

void FlushRun::ReadLastWords() {
  PGconn* const connection = connection_.connection_.get();
  while (!synced_ && PQisBusy(connection) == 0) {
    PGresult* const result = PQgetResult(connection);
    if (result == nullptr && !has_reply_) return;
    Take(result);
  }
}

void FlushRun::Take(pg_result* raw) {
  if (raw == nullptr) {
    ObserveStep();
    ++step_;
    has_reply_ = false;
    return;
  }
  OwnedResult result(raw);
  has_reply_ = true;
  switch (PQresultStatus(raw)) {
    case PGRES_PIPELINE_SYNC:
      synced_ = true;
      return;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      if (step_ < queue_.steps.size() && queue_.steps[step_].has_result) {
        results_.emplace_back(result.release());
      }
      return;
    default:
      TakeFailure(raw);
  }
}

void FlushRun::ObserveStep() {
  if (times_ == 0 || failure_ || step_ >= queue_.steps.size()) return;
  const Connection::Step& step = queue_.steps[step_];
  if (!step.has_result) return;
  const absl::Time now = absl::Now();
  connection_.Observe(step.name, now - last_result_, times_);
  last_result_ = now;
}

void FlushRun::TakeFailure(pg_result* result) {
  if (step_ < queue_.steps.size()) connection_.prepared_.erase(queue_.steps[step_].prepares);
  if (failure_ || PQresultStatus(result) == PGRES_PIPELINE_ABORTED) return;
  // What the connection says for itself, behind all statements, is nobody's failure.
  if (step_ < queue_.steps.size() && queue_.steps[step_].statement == queue_.statements) return;
  Failure failure = ReadFailure(result);
  // Without a SQLSTATE it is libpq's word on the lost connection, not the server's on a statement.
  if (failure.sqlstate.empty()) return;
  if (step_ < queue_.steps.size()) failure.statement = queue_.steps[step_].statement;
  fatal_at_commit_ = IsFatal(result) && AtCommit();
  failure_ = std::move(failure);
}

absl::StatusOr<std::vector<Result>> FlushRun::Finish() {
  const PGTransactionStatusType state = PQtransactionStatus(connection_.connection_.get());
  connection_.in_transaction_ = state == PQTRANS_INTRANS || state == PQTRANS_INERROR;
  if (failure_) {
    const std::string& sqlstate = failure_->sqlstate;
    // A stale plan or a server that has become a standby: only a new connection helps.
    if (sqlstate == "0A000" || sqlstate == "26000" || sqlstate == "25006") {
      connection_.SetUsable(false);
    }
    return MakeFailure(*failure_);
  }
  if (results_.size() != queue_.statements) return connection_.Lost("a reply is missing");
  if (queue_.commit_step) {
    const size_t statement = queue_.steps[*queue_.commit_step].statement;
    // COMMIT of a transaction that had failed before succeeds as a ROLLBACK.
    if (results_[statement].command_tag() != "COMMIT") {
      return MakeFailure({.sqlstate = "40000",
                          .message = "the transaction had failed before it was committed",
                          .statement = statement});
    }
  }
  return std::move(results_);
}

absl::StatusOr<std::vector<Result>> FlushRun::FinishLost(const absl::Status& lost) {
  // The reply to COMMIT came; only the end of the pipeline did not.
  if (!failure_ && queue_.commit_step && results_.size() == queue_.statements) {
    return std::move(results_);
  }
  Failure failure = failure_.value_or(FailureOf(lost).value_or(Failure{}));
  // An error before the COMMIT tells that nothing was committed. A session that is ended while it
  // commits may have committed (it ends while it waits for a synchronous standby, say).
  const bool refused = failure_ && !fatal_at_commit_;
  failure.outcome_unknown = MayCommit() && !refused;
  failure.connection_lost = true;
  return MakeFailure(failure);
}

absl::Status Connection::ExecuteScript(const std::string& sql, absl::Time deadline) {
  if (has_queued()) return absl::InternalError("ExecuteScript while other statements are queued");
  if (broken_ || !CheckAlive()) return Lost("the connection is broken");
  PGconn* const connection = connection_.get();
  // Only the simple protocol, which is outside of pipeline mode, takes several statements.
  if (PQexitPipelineMode(connection) != 1 || PQsendQuery(connection, sql.c_str()) != 1) {
    return Lost(PQerrorMessage(connection));
  }
  std::optional<Failure> failure;
  while (true) {
    if (PQisBusy(connection) == 0) {
      const OwnedResult result(PQgetResult(connection));
      if (result == nullptr) break;
      if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !failure) {
        failure = ReadFailure(result.get());
      }
      if (PQstatus(connection) == CONNECTION_BAD) return Lost(PQerrorMessage(connection));
      continue;
    }
    switch (AwaitInput(connection, deadline)) {
      case Awaited::kInput:
        break;
      case Awaited::kTimedOut:
        Abandon();
        return Lost("the server did not answer before the deadline", /*timed_out=*/true);
      case Awaited::kLost:
        return Lost(PQerrorMessage(connection));
    }
  }
  const PGTransactionStatusType state = PQtransactionStatus(connection);
  in_transaction_ = state == PQTRANS_INTRANS || state == PQTRANS_INERROR;
  if (PQenterPipelineMode(connection) != 1) return Lost(PQerrorMessage(connection));
  return failure ? MakeFailure(*failure) : absl::OkStatus();
}

}  // namespace okr::postgres
