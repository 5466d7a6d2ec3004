// How a key result stands to its due dates.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "services/checkins/domain/due_dates.h"

namespace okr::checkins {

// What was told of the present due time.
enum class DueStage { kNone = 0, kDue = 1, kOverdue = 2 };

// Values that follow from the schedule are kept, so that a timer and lists find them.
struct DueState {
  bool is_tracked = false;     // Check-ins are taken, and so may become due.
  bool has_check_ins = false;  // Any, ever.
  // Nothing is due up to here: tracking began, or check-ins satisfied it.
  absl::Time satisfied_time = absl::InfinitePast();
  std::optional<absl::Time> due_time;  // The first that is not satisfied.
  absl::Duration grace;                // From due to overdue.
  DueStage stage = DueStage::kNone;

  absl::Time overdue_time() const { return *due_time + grace; }
  // When something has to be told next.
  std::optional<absl::Time> fire_time() const;
  bool operator==(const DueState&) const = default;
};

// The state under what is now the schedule; `dates` is null where no check-ins are taken. What
// became due before check-ins were taken is not asked for.
DueState Scheduled(DueState state, const DueDates* dates, absl::Time now);

// The state after a check-in that was observed at `effective_time`. It satisfies the period it lies
// in and all before: who is a day late need not check in again this week. So the order in which
// check-ins come does not matter. The first one ever may lie before tracking began; then the
// history is believed from there on.
DueState AfterCheckIn(DueState state, const DueDates& dates, absl::Time effective_time);

// What has to be told at `now`: kDue or kOverdue, once for each due time and only the later of the
// two; kNone if there is nothing. The state then remembers it.
DueStage Fire(DueState& state, absl::Time now);

}  // namespace okr::checkins
