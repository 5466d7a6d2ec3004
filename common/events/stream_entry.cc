#include "common/events/stream_entry.h"

#include <climits>
#include <string>

namespace okr::events {

std::optional<okr::events::v1::Event> EventOfEntry(absl::string_view source, int32_t shard,
                                                   absl::string_view id, absl::string_view bytes) {
  const std::optional<LogPosition> at = LogPosition::FromEntryId(id);
  okr::events::v1::Event event;
  if (!at || bytes.size() > INT_MAX ||
      !event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::nullopt;
  }
  const Position expected{
      .source = std::string(source), .epoch = at->epoch, .shard = shard, .position = at->position};
  if (!(FromProto(event.position()) == expected)) return std::nullopt;
  return event;
}

}  // namespace okr::events
