// A transaction for plain blocking code: consumers, timers, administrative calls.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/postgres/connection.h"

namespace okr::postgres {

// Rolls back in the destructor unless Commit was called. Not thread-safe; the connection must
// outlive it and must not be used otherwise meanwhile.
class Transaction {
 public:
  // All calls share `deadline`. BEGIN goes out together with the first statement.
  static Transaction Begin(Connection& connection, absl::Time deadline,
                           const Statement& begin = kBegin);
  ~Transaction();
  Transaction(Transaction&& other) noexcept;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Later statements see the rows of this organization only. Sent with the next statement.
  void SwitchOrganization(absl::string_view organization);

  absl::StatusOr<Result> Execute(const Statement& statement, const Params& params = {});

  // Queues a statement that is sent with the next Execute, Flush or Commit, where its failure is
  // told. Its rows are dropped.
  void Enqueue(const Statement& statement, const Params& params = {});
  // Sends what is queued.
  absl::Status Flush();

  // The connection, for code that sends several statements of this transaction in one round trip
  // and needs their rows. BEGIN may still be queued there. Not for COMMIT or ROLLBACK.
  Connection& connection() { return *connection_; }
  absl::Time deadline() const { return deadline_; }

  // Sends what is queued, and COMMIT, in one round trip. See IsOutcomeUnknown.
  absl::Status Commit();

 private:
  Transaction(Connection& connection, absl::Time deadline)
      : connection_(&connection), deadline_(deadline) {}

  Connection* connection_;  // Null when the transaction has ended.
  absl::Time deadline_;
};

}  // namespace okr::postgres
