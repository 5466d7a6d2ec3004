// The filter of requests to the EventLogService. Internal.
#pragma once

#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/events/log_reading.h"
#include "common/events/log_subscription.h"
#include "okr/events/v1/event_log_service.pb.h"

namespace okr::events {

// What the caller asks for. INVALID_FIELDS; also for a whole shard; PERMISSION_DENIED for another
// organization, unless the caller is a SERVICE of no organization. `accepts` is not set.
absl::StatusOr<LogFilter> ToLogFilter(const auth::Principal& principal,
                                      const okr::events::v1::EventFilter& filter);

// Which shard the filter means. INVALID_FIELDS if there is no such shard.
absl::StatusOr<int32_t> FindShard(const LogFilter& filter, const LogStates& states);

absl::Status PositionUnknown(const LogPosition& at, const LogState& log);

}  // namespace okr::events
