#include "services/checkins/domain/due_state.h"

#include <algorithm>

namespace okr::checkins {
namespace {

// Looks up what is due now that satisfied_time or the dates changed.
DueState WithDueTime(DueState state, const DueDates& dates) {
  const std::optional<absl::Time> due =
      dates.FirstAfter(std::max(state.satisfied_time, dates.start()));
  if (due != state.due_time) state.stage = DueStage::kNone;
  state.due_time = due;
  state.grace = dates.grace();
  return state;
}

}  // namespace

std::optional<absl::Time> DueState::fire_time() const {
  if (!due_time || stage == DueStage::kOverdue) return std::nullopt;
  return stage == DueStage::kNone ? *due_time : overdue_time();
}

DueState Scheduled(DueState state, const DueDates* dates, absl::Time now) {
  if (dates == nullptr) {
    state.is_tracked = false;
    state.due_time.reset();
    state.stage = DueStage::kNone;
    return state;
  }
  if (!state.is_tracked && !state.has_check_ins) {
    state.satisfied_time = std::max(state.satisfied_time, now);
  }
  state.is_tracked = true;
  return WithDueTime(std::move(state), *dates);
}

DueState AfterCheckIn(DueState state, const DueDates& dates, absl::Time effective_time) {
  const absl::Time satisfied =
      dates.FirstAfter(std::max(effective_time, dates.start())).value_or(effective_time);
  // The history that a first check-in begins may lie before tracking did.
  state.satisfied_time =
      state.has_check_ins ? std::max(state.satisfied_time, satisfied) : satisfied;
  state.has_check_ins = true;
  return WithDueTime(std::move(state), dates);
}

DueStage Fire(DueState& state, absl::Time now) {
  const std::optional<absl::Time> fire = state.fire_time();
  if (!fire || now < *fire) return DueStage::kNone;
  state.stage = now >= state.overdue_time() ? DueStage::kOverdue : DueStage::kDue;
  return state.stage;
}

}  // namespace okr::checkins
