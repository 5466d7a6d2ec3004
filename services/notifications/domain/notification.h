// One thing that somebody is told.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/names/names.h"

namespace okr::notifications {

// Why somebody is told. The values are those of the public enum.
enum class Kind {
  kUnspecified = 0,
  kCheckInDue = 1,
  kCheckInOverdue = 2,
  kStatusChanged = 3,
  kBlockerRaised = 4,
  kObjectiveAligned = 5,
  kGradingOpened = 6,
};

struct Notification {
  NotificationName name;
  Kind kind = Kind::kUnspecified;
  std::string title;
  std::string body;
  std::string subject;  // Full name of the resource it is about.
  std::string actor;    // Full name of the person who caused it; empty if time or a program did.
  absl::Time event_time = absl::InfinitePast();
  absl::Time create_time = absl::InfinitePast();
  std::optional<absl::Time> read_time;

  bool is_read() const { return read_time.has_value(); }
  bool operator==(const Notification&) const = default;
};

}  // namespace okr::notifications
