// Appends to the streams of this service's log in Redis. Internal to Relay.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/position.h"
#include "common/redis/client.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// Not thread-safe.
class StreamWriter {
 public:
  StreamWriter(const redis::Options& options, std::string source);

  // The id of the last entry ever added to the stream of each shard; {0, 0} where there is none.
  absl::StatusOr<std::map<int32_t, LogPosition>> Heads(const std::vector<int32_t>& shards);

  // The id of the event in the last entry; absent if the stream holds none, "" if it is no event.
  absl::StatusOr<std::optional<std::string>> LastEventId(int32_t shard);

  // Appends all events, which are of one shard, if the stream's head is `expected`, else none.
  // Gives the head as it is afterwards: that of the last event if they were appended.
  absl::StatusOr<LogPosition> Append(int32_t shard, const LogPosition& expected,
                                     absl::Span<const okr::events::v1::Event> events);

  // FAILED_PRECONDITION if the server may drop entries when its memory is full. OK if it does not
  // tell.
  absl::Status CheckKeepsAll();

 private:
  const std::string source_;
  redis::Client client_;
};

}  // namespace okr::events
