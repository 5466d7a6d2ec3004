#include "services/notifications/domain/status_rule.h"

namespace okr::notifications {

absl::string_view WordsOf(Status status) {
  switch (status) {
    case Status::kUnspecified:
      return "unknown";
    case Status::kOffTrack:
      return "off track";
    case Status::kAtRisk:
      return "at risk";
    case Status::kStale:
      return "stale";
    case Status::kUnmeasured:
      return "unmeasured";
    case Status::kOnTrack:
      return "on track";
    case Status::kDone:
      return "done";
  }
  return "unknown";
}

bool IsWorthTelling(Scored what, Status before, Status after) {
  if (after == before) return false;
  if (before == Status::kUnspecified) before = Status::kUnmeasured;
  switch (after) {
    case Status::kDone:
      return true;
    case Status::kOnTrack:
      return before != Status::kUnmeasured;
    case Status::kAtRisk:
    case Status::kOffTrack:
      return after < before;
    case Status::kStale:
      return what == Scored::kObjective && after < before;
    case Status::kUnmeasured:
    case Status::kUnspecified:
      return false;
  }
  return false;
}

}  // namespace okr::notifications
