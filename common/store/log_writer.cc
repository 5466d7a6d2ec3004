#include "common/store/log_writer.h"

#include "common/ids/shard.h"
#include "okr_store_sql.h"

namespace okr::store {

postgres::Statement AppendStatement() { return {"store.append_events", sql::kAppendEvents}; }

postgres::Params AppendParams(absl::string_view organization, int shards, absl::Time now,
                              const std::vector<LogEntry>& entries, UuidGenerator& ids) {
  using View = absl::string_view;
  postgres::Params params;
  params.Int32(LogShardOf(organization, shards));
  params.Int64(static_cast<int64_t>(entries.size()));
  params.Text(organization);
  params.UuidArray(entries, [&](const LogEntry&) { return ids.Next().bytes(); });
  params.TextArray(entries, [](const LogEntry& entry) -> View { return entry.event.type; });
  params.TextArray(entries, [](const LogEntry& entry) -> View { return entry.event.subject; });
  params.Int64Array(entries, [](const LogEntry& entry) { return entry.event.subject_version; });
  params.TimestampArray(entries, [&](const LogEntry&) { return now; });
  params.TextArray(entries, [](const LogEntry& entry) -> View { return entry.actor; });
  params.TextArray(entries, [](const LogEntry& entry) -> View { return entry.request_id; });
  params.TextArray(entries, [](const LogEntry& entry) -> View { return entry.traceparent; });
  params.BoolArray(entries, [](const LogEntry& entry) { return entry.event.is_private; });
  params.BytesArray(entries, [](const LogEntry& entry) -> View { return entry.event.data; });
  return params;
}

int32_t LogShardOf(absl::string_view organization, int shards) {
  return static_cast<int32_t>(ShardOf(organization, static_cast<uint32_t>(shards)));
}

LogPosition PositionIn(const postgres::Result& result, absl::string_view organization, int shards,
                       int row, int column) {
  return {.epoch = result.GetInt64(row, column),
          .shard = LogShardOf(organization, shards),
          .position = result.GetInt64(row, column + 1)};
}

}  // namespace okr::store
