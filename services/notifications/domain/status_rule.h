// Which changes of a status are worth telling.
#pragma once

#include "absl/strings/string_view.h"

namespace okr::notifications {

// The values are those of the public enum, from worst to best.
enum class Status {
  kUnspecified = 0,
  kOffTrack = 1,
  kAtRisk = 2,
  kStale = 3,
  kUnmeasured = 4,
  kOnTrack = 5,
  kDone = 6,
};

// As in a sentence, e.g. "at risk".
absl::string_view WordsOf(Status status);

enum class Scored { kKeyResult, kObjective };

// The rule; nothing else is told:
//  - DONE, from whatever it was.
//  - ON_TRACK from OFF_TRACK, AT_RISK or STALE: it has recovered. From DONE: the target was reached
//    and no longer is. Not from UNMEASURED or from nothing: that is the first check-in, which its
//    owner has just made or seen.
//  - AT_RISK and OFF_TRACK from anything better. A way up from OFF_TRACK to AT_RISK is not
//    recovered yet, so it is silent.
//  - STALE from anything better, for an objective only: of a key result its owner is told by the
//    overdue check-in that makes it stale, and the same is not told twice.
//  - UNMEASURED never: that nothing is known is no news.
bool IsWorthTelling(Scored what, Status before, Status after);

}  // namespace okr::notifications
