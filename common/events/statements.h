// The SQL of this library, see sql/. Internal.
#pragma once

#include "common/postgres/statement.h"
#include "okr_events_sql.h"

namespace okr::events {

inline constexpr postgres::Statement kReadHeads{"events.read_heads", sql::kReadHeads};
inline constexpr postgres::Statement kReadEpochs{"events.read_epochs", sql::kReadEpochs};
inline constexpr postgres::Statement kReadLog{"events.read_log", sql::kReadLog};
inline constexpr postgres::Statement kMakeLogPartitions{"events.make_log_partitions",
                                                        sql::kMakeLogPartitions};
inline constexpr postgres::Statement kCountShards{"events.count_shards", sql::kCountShards};
inline constexpr postgres::Statement kCreatePositions{"events.create_positions",
                                                      sql::kCreatePositions};
inline constexpr postgres::Statement kReadPositions{"events.read_positions", sql::kReadPositions};
inline constexpr postgres::Statement kLockPosition{"events.lock_position", sql::kLockPosition};
inline constexpr postgres::Statement kMovePosition{"events.move_position", sql::kMovePosition};
inline constexpr postgres::Statement kReadParkedSubjects{"events.read_parked_subjects",
                                                         sql::kReadParkedSubjects};
inline constexpr postgres::Statement kParkEvents{"events.park_events", sql::kParkEvents};
inline constexpr postgres::Statement kCountParked{"events.count_parked", sql::kCountParked};
inline constexpr postgres::Statement kNextParked{"events.next_parked", sql::kNextParked};
inline constexpr postgres::Statement kDeleteParked{"events.delete_parked", sql::kDeleteParked};
inline constexpr postgres::Statement kUpsertProjection{"events.upsert_projection",
                                                       sql::kUpsertProjection};

}  // namespace okr::events
