// What an entry of a stream in Redis holds.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "common/events/position.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// The event in field "e" of the entry `id` in the stream of `source` and `shard`; absent if `bytes`
// are no event, or one that stands elsewhere.
std::optional<okr::events::v1::Event> EventOfEntry(absl::string_view source, int32_t shard,
                                                   absl::string_view id, absl::string_view bytes);

}  // namespace okr::events
