// Where a key result stands against the time that has passed.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/scoring/domain/explanation.h"
#include "services/scoring/domain/key_result.h"
#include "services/scoring/domain/policy.h"
#include "services/scoring/domain/progress.h"
#include "services/scoring/domain/window.h"

namespace okr::scoring {

// When the next check-in is due and how long it may be late without harm.
struct CheckInDue {
  absl::Time due;
  absl::Duration grace;
};

// What the owner says against the computed status.
struct StatedStatus {
  Status status;
  std::string reason;
  std::string person;  // Resource name.
  absl::Time time;
  bool operator==(const StatedStatus&) const = default;
};

// INVALID_FIELDS naming "stated_status.reason" if it is blank.
absl::Status ValidateStatedStatus(const StatedStatus& stated);

struct Pace {
  double expected = 0;                  // Share of the time that is over, in [0, 1].
  double attainment = 1;                // Progress against expected.
  Status status = Status::kUnmeasured;  // Computed.
  std::optional<StatedStatus> stated;   // Shown beside it, replaces nothing.
  Explanation expected_explanation;
  Explanation attainment_explanation;
  Explanation status_explanation;
};

// The pace of a key result at `now`. `commitment` is the effective one. Without `next_check_in`
// (no schedule, or the cycle no longer runs) nothing is stale.
Pace ComputePace(const Policy& policy, const KeyResult& key_result, Commitment commitment,
                 const KeyResultProgress& progress, const Window& window, absl::Time now,
                 const std::optional<CheckInDue>& next_check_in,
                 const std::optional<StatedStatus>& stated);

}  // namespace okr::scoring
