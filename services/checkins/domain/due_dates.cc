#include "services/checkins/domain/due_dates.h"

#include <algorithm>

namespace okr::checkins {
namespace {

// The last `weekday` of the month.
absl::CivilDay LastOf(absl::CivilMonth month, absl::Weekday weekday) {
  return absl::PrevWeekday(absl::CivilDay(month + 1), weekday);
}

// So many days after the first that two weeks begin at `origin`; 0 to 13, also before `origin`.
absl::civil_diff_t DayInFortnight(absl::CivilDay day, absl::CivilDay origin) {
  const absl::civil_diff_t days = (day - origin) % 14;
  return days < 0 ? days + 14 : days;
}

}  // namespace

DueDates::DueDates(const Cycle& cycle, const KeyResult& key_result, const absl::TimeZone& zone)
    : schedule_(cycle.schedule),
      cycle_start_(cycle.start_date),
      first_(key_result.start_date.value_or(cycle.start_date)),
      last_(key_result.due_date.value_or(cycle.end_date)),
      zone_(zone) {}

absl::CivilDay DueDates::DayFrom(absl::CivilDay day) const {
  if (schedule_.cadence == Cadence::kMonthly) {
    const absl::CivilMonth month(day);
    const absl::CivilDay due = LastOf(month, schedule_.weekday);
    return due >= day ? due : LastOf(month + 1, schedule_.weekday);
  }
  const absl::CivilDay due = absl::NextWeekday(day - 1, schedule_.weekday);
  if (schedule_.cadence != Cadence::kEveryTwoWeeks) return due;
  return DayInFortnight(due, cycle_start_) >= 7 ? due : due + 7;
}

absl::CivilDay DueDates::DayUntil(absl::CivilDay day) const {
  if (schedule_.cadence == Cadence::kMonthly) {
    const absl::CivilMonth month(day);
    const absl::CivilDay due = LastOf(month, schedule_.weekday);
    return due <= day ? due : LastOf(month - 1, schedule_.weekday);
  }
  const absl::CivilDay due = absl::PrevWeekday(day + 1, schedule_.weekday);
  if (schedule_.cadence != Cadence::kEveryTwoWeeks) return due;
  return DayInFortnight(due, cycle_start_) >= 7 ? due : due - 7;
}

std::optional<absl::Time> DueDates::FirstAfter(absl::Time time) const {
  // The day before ends with this one's beginning, so its end is never later than `time`.
  absl::CivilDay today = first_;
  if (time > start()) today = std::max(first_, absl::ToCivilDay(time, zone_));
  absl::CivilDay day = DayFrom(today);
  // Where a clock is set back over midnight, a day's end comes twice.
  if (day <= last_ && EndOfDay(day, zone_) <= time) day = DayFrom(day + 1);
  if (day > last_) return std::nullopt;
  return EndOfDay(day, zone_);
}

std::optional<absl::Time> DueDates::LastUntil(absl::Time time) const {
  if (time < start()) return std::nullopt;
  absl::CivilDay day = DayUntil(std::min(last_, absl::ToCivilDay(time, zone_)));
  if (day >= first_ && EndOfDay(day, zone_) > time) day = DayUntil(day - 1);
  if (day < first_) return std::nullopt;
  return EndOfDay(day, zone_);
}

}  // namespace okr::checkins
