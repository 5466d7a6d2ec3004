// Reads the streams of one service's log from Redis.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/position.h"
#include "common/log/rate_limit.h"
#include "common/redis/client.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// Events of one shard, in the order of positions. There may be gaps: what was trimmed, or cannot be
// read, is to be had from the log. Empty if entries came of which none can be read: then there is
// no use in asking again at once.
struct StreamBatch {
  int32_t shard = 0;
  std::vector<okr::events::v1::Event> events;
};

// Not thread-safe.
class StreamCursor {
 public:
  StreamCursor(const redis::Options& options, std::string source);

  // What comes after the given position of each shard, at most `count` of each. Waits up to `block`
  // if there is nothing; then gives nothing. Fails at once while Redis is away.
  absl::StatusOr<std::vector<StreamBatch>> Read(const std::map<int32_t, LogPosition>& after,
                                                int count, absl::Duration block);

 private:
  const std::string source_;
  redis::Client client_;
  log::RateLimit log_limit_{absl::Seconds(10)};
};

}  // namespace okr::events
