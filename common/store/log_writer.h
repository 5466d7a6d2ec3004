// Appends events to the log, as the last statement before COMMIT. Also for consumers and timers,
// which have no batch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/postgres/params.h"
#include "common/postgres/result.h"
#include "common/store/command.h"
#include "common/store/view.h"

namespace okr::store {

// An event with what the command or consumer that made it adds.
struct LogEntry {
  Event event;
  std::string actor;
  std::string request_id;
  std::string traceparent;
};

// The statement that appends to the log, and its parameters. All entries are of one organization.
// Nothing may follow it in the transaction but COMMIT.
postgres::Statement AppendStatement();
postgres::Params AppendParams(absl::string_view organization, int shards, absl::Time now,
                              const std::vector<LogEntry>& entries, UuidGenerator& ids);
// The shard that the organization's events are in.
int32_t LogShardOf(absl::string_view organization, int shards);
// What the statement gave; or a row of another one, whose columns from `column` on are epoch and
// position.
LogPosition PositionIn(const postgres::Result& result, absl::string_view organization, int shards,
                       int row = 0, int column = 0);

}  // namespace okr::store
