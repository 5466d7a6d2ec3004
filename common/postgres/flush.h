// The sending of a connection's queue and the reading of its replies.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/postgres/connection.h"
#include "common/postgres/sqlstate.h"

namespace okr::postgres {

// One run of Connection::Flush.
class FlushRun {
 public:
  FlushRun(Connection& connection, Connection::Queue queue)
      : connection_(connection),
        queue_(std::move(queue)),
        was_in_transaction_(connection.in_transaction_) {}

  absl::StatusOr<std::vector<Result>> Run(absl::Time deadline);

 private:
  absl::Status Send();
  // Reads until the server says that it is ready for the next flush.
  absl::Status ReadAll(absl::Time deadline);
  // Reads what had arrived before the connection was lost: the server may have told why.
  void ReadLastWords();
  // Of the step whose replies have all come.
  void ObserveStep();
  // Takes what PQgetResult gave; null stands between two steps.
  void Take(pg_result* raw);
  void TakeFailure(pg_result* result);
  absl::StatusOr<std::vector<Result>> Finish();
  absl::StatusOr<std::vector<Result>> FinishLost(const absl::Status& lost);

  // Whether this flush ends a transaction if it succeeds.
  bool MayCommit() const {
    return queue_.commit_step.has_value() || (!was_in_transaction_ && !queue_.begins);
  }
  // Whether the reading has come to the step that commits.
  bool AtCommit() const { return step_ >= queue_.commit_step.value_or(queue_.steps.size()); }

  Connection& connection_;
  const Connection::Queue queue_;
  const bool was_in_transaction_;
  std::vector<Result> results_;
  std::optional<Failure> failure_;  // The first one.
  bool fatal_at_commit_ = false;    // The server ended the session as it committed.
  uint64_t times_ = 0;              // How many flushes like this one are observed by it.
  absl::Time last_result_;          // Or the begin of the flush.
  size_t step_ = 0;                 // The step whose replies are being read.
  bool has_reply_ = false;          // Of the present step.
  bool synced_ = false;
};

}  // namespace okr::postgres
