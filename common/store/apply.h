// Decides over a View inside a transaction that somebody else has opened: for consumers and timers,
// which change rows as commands do but have no batch.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/postgres/transaction.h"
#include "common/store/command.h"
#include "common/store/log_writer.h"
#include "common/store/view.h"

namespace okr::store {

// Runs `decide` until it has all the rows that it asks for, which are locked as their tables say,
// and queues what it changed: one statement for each table, sent with the next Flush or Commit.
// Gives the events, which are for the caller to append.
//
// The transaction must have been switched to `organization`; what is queued in it is sent before
// the first rows are loaded, and seen by them. `decide` must be pure, as store::Command::decide.
absl::StatusOr<std::vector<Event>> Apply(postgres::Transaction& transaction,
                                         const std::string& organization, absl::Time now,
                                         const std::function<absl::Status(View&)>& decide);

// Events of one organization, to be appended to the log.
struct Append {
  std::string organization;
  std::vector<LogEntry> entries;
};

// Appends the events of organizations of one shard, in this order, and gives the last position;
// nothing without events. Switches the organization. Only COMMIT, and what locks no row that others
// may hold, may follow it in the transaction.
absl::StatusOr<std::optional<LogPosition>> AppendEvents(postgres::Transaction& transaction,
                                                        int shards, absl::Time now,
                                                        const std::vector<Append>& appends,
                                                        UuidGenerator& ids);

}  // namespace okr::store
