// A check-in, and the rules by which one is accepted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/checkins/domain/draft.h"

namespace okr::checkins {

// What a key result stood at, at some time. Never changed. Times are whole microseconds.
struct CheckIn {
  CheckInName name;
  Measurement measurement;
  std::optional<double> confidence;
  std::optional<StatedStatus> stated_status;
  std::string note;
  std::vector<Blocker> blockers;
  absl::Time effective_time;
  std::optional<CheckInName> corrects;
  std::string correction_reason;
  PersonName author;
  CycleName cycle;
  absl::Time create_time;
  bool operator==(const CheckIn&) const = default;
};

// What a check-in speaks of, as it is now; all references are valid for the call only.
struct Subject {
  const Cycle& cycle;
  const Objective& objective;
  const KeyResult& key_result;
  absl::TimeZone zone;  // The organization's.
};

// The check-in that a draft corrects.
struct Corrected {
  const CheckIn* check_in = nullptr;  // Null: there is none of that name.
  // The last of the check-ins that took its place; absent if none did.
  std::optional<CheckInName> replaced_by;
};

// Whether check-ins are taken: OK, CYCLE_STATE, OBJECTIVE_STATE or KEY_RESULT_STATE.
absl::Status TakesCheckIns(const Subject& subject);

// The check-in that `draft` makes of a subject that takes check-ins. INVALID_FIELDS names all that
// is wrong, after what `violations` holds already (see CheckDraft). `corrected` is used where the
// draft corrects one. `draft` must be Normalized.
absl::StatusOr<CheckIn> MakeCheckIn(const Subject& subject, const CheckInName& name,
                                    const PersonName& author, const Draft& draft,
                                    const Corrected& corrected, Violations violations,
                                    absl::Time now);

}  // namespace okr::checkins
