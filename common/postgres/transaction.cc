#include "common/postgres/transaction.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/macros.h"

namespace okr::postgres {

Transaction Transaction::Begin(Connection& connection, absl::Time deadline,
                               const Statement& begin) {
  connection.Enqueue(begin);
  return Transaction(connection, deadline);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), deadline_(other.deadline_) {}

Transaction::~Transaction() {
  if (connection_ == nullptr) return;
  // Also when the time is over the connection is worth a moment to become usable again.
  const absl::Time deadline = std::max(deadline_, absl::Now() + absl::Seconds(1));
  // What was queued and never sent leaves with its transaction; a failure leaves the connection
  // broken, which its next user sees.
  if (connection_->has_queued()) connection_->Flush(deadline).status().IgnoreError();
  connection_->Rollback(deadline).IgnoreError();
}

void Transaction::SwitchOrganization(absl::string_view organization) {
  Enqueue(kSwitchOrganization, Params().Text(organization));
}

absl::StatusOr<Result> Transaction::Execute(const Statement& statement, const Params& params) {
  connection_->Enqueue(statement, params);
  OKR_ASSIGN_OR_RETURN(std::vector<Result> results, connection_->Flush(deadline_));
  return std::move(results.back());
}

void Transaction::Enqueue(const Statement& statement, const Params& params) {
  connection_->Enqueue(statement, params);
}

absl::Status Transaction::Flush() {
  if (!connection_->has_queued()) return absl::OkStatus();
  return connection_->Flush(deadline_).status();
}

absl::Status Transaction::Commit() {
  connection_->Enqueue(kCommit);
  OKR_RETURN_IF_ERROR(connection_->Flush(deadline_).status());
  connection_ = nullptr;
  return absl::OkStatus();
}

}  // namespace okr::postgres
