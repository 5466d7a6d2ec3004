// Places in event logs.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// A place within one shard of one log. Later histories are greater; within one, positions are
// contiguous from 1. {0, 0} is before everything.
struct LogPosition {
  int64_t epoch = 0;
  int64_t position = 0;

  auto operator<=>(const LogPosition&) const = default;

  // "<epoch>-<position>", the id of an entry of a stream.
  std::string ToEntryId() const;
  // Absent unless `id` is one.
  static std::optional<LogPosition> FromEntryId(absl::string_view id);
};

// A place in the log of any service.
struct Position {
  std::string source;  // "goals", "checkins", "scoring" or "notifications".
  int64_t epoch = 0;
  int32_t shard = 0;
  int64_t position = 0;

  LogPosition at() const { return {.epoch = epoch, .position = position}; }
  bool operator==(const Position&) const = default;
};

Position FromProto(const okr::events::v1::Position& position);
okr::events::v1::Position ToProto(const Position& position);
okr::events::v1::Position ToProto(absl::string_view source, int32_t shard, const LogPosition& at);
LogPosition PositionOf(const okr::events::v1::Event& event);

// "okr:{<source>-<shard>}:events": the braces keep all keys of a shard on one node of a cluster.
std::string StreamName(absl::string_view source, int32_t shard);

// The part of "organizations/{organization}..." that is the organization's id; empty otherwise.
absl::string_view OrganizationIdOf(absl::string_view name);

}  // namespace okr::events
