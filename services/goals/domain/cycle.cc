#include "services/goals/domain/cycle.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/text.h"

namespace okr::goals {
namespace {

constexpr absl::Duration kMaxGrace = absl::Hours(24 * 30);

std::string Text(absl::CivilDay day) { return absl::FormatCivilTime(day); }

// The same day three years later is the last one allowed.
bool LastsTooLong(const Cycle& cycle) {
  const absl::CivilDay start = cycle.start_date;
  return cycle.end_date > absl::CivilDay(start.year() + 3, start.month(), start.day());
}

absl::StatusOr<Cycle> Move(Cycle cycle, CycleState from, CycleState to, absl::string_view advice,
                           absl::Time now) {
  if (cycle.state != from) return error::WrongCycleState(cycle, advice);
  cycle.state = to;
  cycle.times.update_time = now;
  return cycle;
}

}  // namespace

void CheckCycle(const Cycle& cycle, absl::string_view prefix, Violations& violations) {
  CheckText(absl::StrCat(prefix, "display_name"), cycle.display_name, kDisplayName, violations);
  if (cycle.schedule.grace < absl::ZeroDuration() || cycle.schedule.grace > kMaxGrace) {
    violations.Add(
        absl::StrCat(prefix, "check_in_schedule.grace"),
        absl::StrCat("is ", absl::FormatDuration(cycle.schedule.grace), "; expected 0 to 30 days"));
  }
  if (cycle.parent && *cycle.parent == cycle.name) {
    violations.Add(absl::StrCat(prefix, "parent"), "is the cycle itself");
  }
}

void CheckCycleDates(const Cycle& cycle, absl::string_view prefix, Violations& violations) {
  const std::string end = absl::StrCat(prefix, "end_date");
  if (cycle.end_date <= cycle.start_date) {
    violations.Add(end, absl::StrCat("is ", Text(cycle.end_date), "; expected a day after ",
                                     Text(cycle.start_date), ", the first"));
  } else if (LastsTooLong(cycle)) {
    violations.Add(end, absl::StrCat("is ", Text(cycle.end_date), ", more than 3 years after ",
                                     Text(cycle.start_date)));
  }
}

bool LiesInside(const Cycle& cycle, const Cycle& parent) {
  return cycle.start_date >= parent.start_date && cycle.end_date <= parent.end_date;
}

void CheckInsideParent(const Cycle& cycle, const Cycle& parent, absl::string_view prefix,
                       Violations& violations) {
  if (LiesInside(cycle, parent)) return;
  violations.Add(
      absl::StrCat(prefix, "parent"),
      absl::StrCat("is ", parent.name.ToString(), ", which lasts from ", Text(parent.start_date),
                   " to ", Text(parent.end_date), " and does not contain the cycle"));
}

bool SameDates(const Cycle& a, const Cycle& b) {
  return a.start_date == b.start_date && a.end_date == b.end_date;
}

Cycle CreateCycle(Cycle draft, absl::Time now) {
  draft.state = CycleState::kDraft;
  draft.scoring_policy.clear();
  draft.times = {.create_time = now, .update_time = now};
  return draft;
}

absl::StatusOr<Cycle> ChangeCycle(const Cycle& present, Cycle next, absl::Time now) {
  if (present.state == CycleState::kClosed) {
    return error::WrongCycleState(present, "nothing of it changes any more");
  }
  const bool moves = !SameDates(present, next) || present.parent != next.parent;
  if (moves && present.state == CycleState::kGrading) {
    return error::WrongCycleState(present,
                                  "its dates and parent change only while it is DRAFT or ACTIVE");
  }
  if (next == present) return next;
  next.times.update_time = now;
  return next;
}

absl::StatusOr<Cycle> ActivateCycle(Cycle cycle, absl::Time now) {
  absl::StatusOr<Cycle> next = Move(std::move(cycle), CycleState::kDraft, CycleState::kActive,
                                    "only a DRAFT can be activated", now);
  if (next.ok()) next->scoring_policy = std::string(kScoringPolicy);
  return next;
}

absl::StatusOr<Cycle> OpenCycleGrading(Cycle cycle, absl::Time now) {
  return Move(std::move(cycle), CycleState::kActive, CycleState::kGrading,
              "grading opens only from ACTIVE", now);
}

absl::StatusOr<Cycle> CloseCycle(Cycle cycle, absl::Time now) {
  return Move(std::move(cycle), CycleState::kGrading, CycleState::kClosed,
              "only a cycle in GRADING can be closed", now);
}

}  // namespace okr::goals
