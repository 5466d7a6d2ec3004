// The log of another service, as a consumer asks its owner for it.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/events/position.h"
#include "common/log/trace_context.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// Thread-safe. Calls block, for a few seconds at most.
class LogSource {
 public:
  struct Page {
    std::vector<okr::events::v1::Event> events;
    LogPosition head;
  };

  virtual ~LogSource() = default;
  // The first events after a position, at most `limit`, without gaps.
  virtual absl::StatusOr<Page> ListEvents(int32_t shard, const LogPosition& after, int limit) = 0;
  // `trace`: of the call that it is asked for, if any.
  virtual absl::StatusOr<LogPosition> GetHead(int32_t shard, const TraceContext& trace) = 0;
  absl::StatusOr<LogPosition> GetHead(int32_t shard) { return GetHead(shard, {}); }
};

}  // namespace okr::events
