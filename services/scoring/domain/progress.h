// How far a key result has come.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "services/scoring/domain/explanation.h"
#include "services/scoring/domain/key_result.h"
#include "services/scoring/domain/measurement.h"
#include "services/scoring/domain/numbers.h"
#include "services/scoring/domain/policy.h"
#include "services/scoring/domain/window.h"

namespace okr::scoring {

struct KeyResultProgress {
  Progress progress;
  // Unclamped (within +-1e15); absent without a check-in and while no target stands. For MAINTAIN
  // and MILESTONES equal to progress.
  std::optional<double> raw;
  bool measured = false;               // Some check-in counts.
  bool done = false;                   // At or beyond the target, in range, or all milestones done.
  std::optional<double> baseline;      // METRIC: as given, or as the first check-in set it.
  std::optional<double> target;        // METRIC: as given, or as the change in percent made it.
  std::optional<Measurement> counted;  // The measurement that counts.
  Explanation explanation;             // Of `progress`; its clamps show `raw`.
};

// The progress from what was observed before `window.due`. `key_result.measure` must be valid and
// the measured values finite and within +-1e15.
KeyResultProgress ComputeProgress(const Policy& policy, const KeyResult& key_result,
                                  const std::vector<Measurement>& measurements,
                                  const Window& window);

struct ShareInside {
  std::optional<double> share;  // In [0, 1]; absent before anything was measured.
  Explanation explanation;
};

// MAINTAIN: the share of the measured time in [start, min(now, due)) during which the value was in
// range; a value stands until the next one is observed.
ShareInside ComputeShareInside(const Policy& policy, const KeyResult& key_result,
                               const std::vector<Measurement>& measurements, const Window& window,
                               absl::Time now);

}  // namespace okr::scoring
