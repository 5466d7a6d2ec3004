// One connection to PostgreSQL, always in libpq's pipeline mode.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/postgres/params.h"
#include "common/postgres/result.h"
#include "common/postgres/statement.h"
#include "common/postgres/stats.h"

struct pg_conn;

namespace okr::postgres {

struct Options {
  std::string conninfo;  // libpq's: key=value pairs or a postgresql:// URI.
  std::string application_name = "okr";
  // The server ends a statement, or a transaction that waits for its client, after this time; zero
  // leaves the server's or the role's own setting. Not sent where prepared_statements is off, as
  // poolers refuse settings at start: set them on the role there.
  absl::Duration statement_timeout = absl::Seconds(10);
  absl::Duration idle_transaction_timeout = absl::Seconds(20);
  absl::Duration connect_timeout = absl::Seconds(5);
  // How long the plans of prepared statements are kept: tables that were empty grow.
  absl::Duration plans_last = absl::Seconds(10);
  // Off for a pooler that hands a session's connections to others between transactions.
  bool prepared_statements = true;
  // Where connections are counted; must outlive them. None: they are not.
  ConnectionStats* stats = nullptr;
};

// Not thread-safe. Nothing depends on session state: after Reset, or on another connection, the
// same calls work.
//
// Statements are queued by Enqueue and sent together by Flush, in one round trip. Outside of
// BEGIN ... COMMIT the statements of one Flush are one transaction of their own. A transaction may
// span several flushes (BEGIN and locks, then writes and COMMIT). After a failed Flush inside a
// transaction call Rollback. Statuses are those of sqlstate.h.
class Connection {
 public:
  // Connects; UNAVAILABLE if that fails, INVALID_ARGUMENT for a conninfo that cannot be read.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Queues a statement and returns its index in the coming Flush. Copies what it needs; never
  // blocks; an error is told by Flush.
  size_t Enqueue(const Statement& statement, const Params& params = {});

  // Sends what is queued and gives one result for each statement; or the first failure, whose
  // FailureOf(...)->statement tells which one failed (the later ones were not run). The connection
  // stays usable unless broken(). On passing `deadline`: UNAVAILABLE, the running statement is
  // cancelled in the background, and the connection is broken. IsOutcomeUnknown(status) if a
  // COMMIT, or the end of a transaction without BEGIN, was sent and its reply did not come.
  absl::StatusOr<std::vector<Result>> Flush(absl::Time deadline);

  // Enqueue and Flush of one statement; nothing else may be queued.
  absl::StatusOr<Result> Execute(const Statement& statement, const Params& params,
                                 absl::Time deadline);

  // Runs SQL text that may hold several statements, as one transaction unless it says otherwise:
  // for migrations and set-up. Nothing may be queued.
  absl::Status ExecuteScript(const std::string& sql, absl::Time deadline);

  // Ends an open transaction, whatever its state; does nothing without one.
  absl::Status Rollback(absl::Time deadline);

  // Connects anew, with all statements to be prepared again. The old connection is dropped.
  absl::Status Reset();

  // The connection cannot be used until Reset.
  bool broken() const { return broken_; }
  // Whether a transaction was open after the last Flush.
  bool in_transaction() const { return in_transaction_; }
  // Whether statements are queued that were not flushed.
  bool has_queued() const { return !queue_.steps.empty(); }
  // Looks, without waiting, whether the server has closed the connection; if so it is broken.
  bool CheckAlive();

  int backend_pid() const;
  const Options& options() const { return options_; }

 private:
  friend class FlushRun;
  struct Close {
    void operator()(pg_conn* connection) const;
  };

  // One message pair to the server: the preparation or the execution of a statement.
  struct Step {
    size_t statement = 0;
    absl::string_view name;  // Of the statement.
    std::string prepares;    // Name that is prepared by this step; empty for an execution.
    bool has_result = true;  // False for what the caller knows nothing of.
  };
  struct Queue {
    std::vector<Step> steps;
    size_t statements = 0;
    bool begins = false;
    std::optional<size_t> commit_step;
    bool timed = false;  // Each statement answers at once.
    absl::Status error;  // Why a statement could not be queued.
  };

  explicit Connection(Options options) : options_(std::move(options)) {}
  absl::Status Connect();
  absl::Status TryConnect();
  void Add(Step step, bool sent);
  void SetUsable(bool usable);
  // Whether the statements of the coming flush shall be timed one by one.
  bool IsTimed();
  void Observe(absl::string_view statement, absl::Duration took, uint64_t times);
  // Sends DISCARD PLANS once they are old enough, behind what ends a transaction.
  void DiscardOldPlans();
  bool Prepare(const Statement& statement, const Params& params);
  bool Send(const Statement& statement, const Params& params, bool prepared);
  // Cancels what runs, without waiting for it.
  void Abandon();
  absl::Status Lost(absl::string_view message, bool timed_out = false);
  // A wrong use of this class: INTERNAL. What was queued cannot be taken back.
  absl::Status Misused(absl::string_view message);

  const Options options_;
  std::unique_ptr<pg_conn, Close> connection_;
  Queue queue_;
  // Name to text of what the server has prepared, or will have by the steps in queue_.
  absl::flat_hash_map<std::string, absl::string_view> prepared_;
  absl::Time next_plans_ = absl::InfinitePast();
  // By where the name of a statement stands, as there is one for each.
  absl::flat_hash_map<const char*, metrics::Histogram*> times_;
  uint64_t flushes_ = 0;
  bool broken_ = true;
  bool in_transaction_ = false;
};

}  // namespace okr::postgres
