#include "common/events/stream_cursor.h"

#include <utility>

#include "common/events/stream_entry.h"
#include "common/log/logger.h"
#include "common/redis/streams.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

redis::ClientOptions QuickToReturn(const redis::Options& options) {
  redis::ClientOptions client{.connection = options};
  client.backoff = {.initial = absl::Milliseconds(50), .longest = absl::Seconds(1)};
  return client;
}

}  // namespace

StreamCursor::StreamCursor(const redis::Options& options, std::string source)
    : source_(std::move(source)), client_(QuickToReturn(options)) {}

absl::StatusOr<std::vector<StreamBatch>> StreamCursor::Read(
    const std::map<int32_t, LogPosition>& after, int count, absl::Duration block) {
  std::vector<redis::StreamPosition> positions;
  std::map<std::string, int32_t> shards;
  for (const auto& [shard, at] : after) {
    std::string stream = StreamName(source_, shard);
    shards[stream] = shard;
    positions.push_back({.stream = std::move(stream), .last_id = at.ToEntryId()});
  }
  OKR_ASSIGN_OR_RETURN(const std::vector<redis::StreamEntry> entries,
                       redis::XRead(client_, positions, count, block));
  std::map<int32_t, StreamBatch> batches;
  for (const redis::StreamEntry& entry : entries) {
    const int32_t shard = shards[entry.stream];
    auto event = EventOfEntry(source_, shard, entry.id, entry.Field("e").value_or(""));
    std::vector<okr::events::v1::Event>& events = batches[shard].events;
    if (event) {
      events.push_back(*std::move(event));
    } else if (const auto suppressed = log_limit_.Allow()) {
      log::Error("an entry of a stream is not an event; the log is read instead",
                 {{"stream", entry.stream}, {"id", entry.id}, {"suppressed", *suppressed}});
    }
  }
  std::vector<StreamBatch> in_order;
  for (auto& [shard, batch] : batches) {
    batch.shard = shard;
    in_order.push_back(std::move(batch));
  }
  return in_order;
}

}  // namespace okr::events
