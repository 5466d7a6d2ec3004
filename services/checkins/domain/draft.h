// A check-in as somebody sends it, before it is held against its key result.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/names/names.h"
#include "common/resources/resources.h"
#include "common/status/error.h"

namespace okr::checkins {

// The values are those of okr.scoring.v1.Status, so that they convert by number.
enum class Status {
  kUnspecified = 0,
  kOffTrack = 1,
  kAtRisk = 2,
  kStale = 3,
  kUnmeasured = 4,
  kOnTrack = 5,
  kDone = 6
};

struct StatedStatus {
  Status status = Status::kUnspecified;
  std::string reason;
  bool operator==(const StatedStatus&) const = default;
};

struct Blocker {
  std::string text;
  Owner help_from;  // Empty: nobody is asked.
  bool operator==(const Blocker&) const = default;
};

// Ids of the milestones that are done; all others are open.
struct MilestonesDone {
  std::vector<std::string> ids;
  bool operator==(const MilestonesDone&) const = default;
};

// Nothing, a value in the unit of the key result, or milestones.
using Measurement = std::variant<std::monostate, double, MilestonesDone>;

struct Draft {
  Measurement measurement;
  std::optional<double> confidence;
  std::optional<StatedStatus> stated_status;
  std::string note;
  std::vector<Blocker> blockers;
  std::optional<absl::Time> effective_time;
  std::optional<CheckInName> corrects;
  std::string correction_reason;
};

inline constexpr double kMaxNumber = 1e15;
inline constexpr size_t kMaxBlockers = 20;
inline constexpr absl::Duration kClockSkew = absl::Seconds(60);

// Adds everything that is wrong with the draft whatever the key result is. Fields are named below
// "check_in.".
void CheckDraft(const Draft& draft, Violations& violations);

// -0 becomes 0; times are cut to microseconds, as they are stored.
Draft Normalized(Draft draft);

}  // namespace okr::checkins
