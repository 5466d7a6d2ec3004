// The rules of key results: what one may say, and how it goes through its life. As for objectives.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/resources/resources.h"
#include "common/status/error.h"

namespace okr::goals {

inline constexpr size_t kMaxMilestones = 100;

// First and last day, the cycle's where the key result has none of its own.
struct Window {
  absl::CivilDay start;
  absl::CivilDay due;
};
Window WindowOf(const KeyResult& key_result, const Cycle& cycle);

// Adds everything that is wrong with the key result's own fields; `prefix` is e.g. "key_result.".
void CheckKeyResult(const KeyResult& key_result, absl::string_view prefix, Violations& violations);
// Adds what is wrong with its dates, which lie inside the cycle, the start before the end.
void CheckWindow(const KeyResult& key_result, const Cycle& cycle, absl::string_view prefix,
                 Violations& violations);
// Whether CheckWindow has nothing to say.
bool FitsInto(const KeyResult& key_result, const Cycle& cycle);

// Numbers as they are stored: no -0.
KeyResult Normalized(KeyResult key_result);

// Whether it counts: neither deleted nor retired.
bool IsLive(const KeyResult& key_result);

absl::StatusOr<KeyResult> CreateKeyResult(KeyResult draft, const Objective& objective,
                                          const Cycle& cycle, absl::string_view creator,
                                          absl::Time now);
// Any field may change, the kind of what is measured too: scoring then goes by what the check-ins
// say of the new kind, and the event log keeps what was before.
absl::StatusOr<KeyResult> ChangeKeyResult(const KeyResult& present, KeyResult next,
                                          const Objective& objective, const Cycle& cycle,
                                          absl::Time now);
absl::StatusOr<KeyResult> RetireKeyResult(KeyResult key_result, const Objective& objective,
                                          const Cycle& cycle, absl::string_view reason,
                                          absl::Time now);
absl::StatusOr<KeyResult> DeleteKeyResult(KeyResult key_result, const Objective& objective,
                                          const Cycle& cycle, absl::Time now);
// Deleted together with its objective, in whatever state.
KeyResult DeletedWithObjective(KeyResult key_result, absl::Time now);

}  // namespace okr::goals
