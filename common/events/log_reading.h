// Reads this service's event log from PostgreSQL: one way for the relay, the live feed and the
// EventLogService. The connection's role must be one that may read what is asked for: the relay
// role, which sees all organizations.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/events/position.h"
#include "common/postgres/connection.h"
#include "common/postgres/result.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// One history of a shard's log.
struct Epoch {
  int64_t epoch = 0;
  int64_t first_position = 1;
};

// What is known of one shard's log.
struct LogState {
  LogPosition head;           // The last event; its position is 0 if there is none.
  std::vector<Epoch> epochs;  // In the order of positions; never empty.

  // In which history a position lies.
  int64_t EpochOf(int64_t position) const;
  LogPosition At(int64_t position) const { return {EpochOf(position), position}; }
  // Whether `at` is the beginning, or a place of this log that is not after its head.
  bool Knows(const LogPosition& at) const;
};

// By shard.
using LogStates = std::map<int32_t, LogState>;

struct LogQuery {
  int32_t shard = 0;
  int64_t after = 0;                                    // A position.
  int64_t until = std::numeric_limits<int64_t>::max();  // The last position to look at.
  int limit = 500;
  // Empty ones let everything pass.
  std::string organization_id;
  std::vector<std::string> types;
  std::string subject_prefix;  // This resource, and what lies below it.
};

// The row of `sql/read_log.sql`; DATA_LOSS if its payload cannot be read.
absl::StatusOr<okr::events::v1::Event> EventFromRow(const postgres::Result& result, int row,
                                                    absl::string_view source, int32_t shard);

// In the order of positions. Without filters a page has no gaps.
absl::StatusOr<std::vector<okr::events::v1::Event>> ReadLog(postgres::Connection& connection,
                                                            absl::string_view source,
                                                            const LogQuery& query,
                                                            absl::Time deadline);

// The heads of all shards.
absl::StatusOr<std::map<int32_t, LogPosition>> ReadHeads(postgres::Connection& connection,
                                                         absl::Time deadline);

// Heads and epochs of all shards.
absl::StatusOr<LogStates> ReadLogStates(postgres::Connection& connection, absl::Time deadline);

}  // namespace okr::events
