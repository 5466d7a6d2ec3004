#include "services/scoring/domain/window.h"

#include "absl/strings/str_cat.h"
#include "common/resources/resources.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::scoring {
namespace {

void CheckInside(const char* field, absl::CivilDay day, const CycleDays& cycle,
                 Violations& violations) {
  if (day >= cycle.first && day <= cycle.last) return;
  violations.Add(field, absl::StrCat("is ", absl::FormatCivilTime(day), "; the cycle runs from ",
                                     absl::FormatCivilTime(cycle.first), " to ",
                                     absl::FormatCivilTime(cycle.last)));
}

}  // namespace

absl::StatusOr<Window> ResolveWindow(const CycleDays& cycle, std::optional<absl::CivilDay> start,
                                     std::optional<absl::CivilDay> due,
                                     const absl::TimeZone& zone) {
  const absl::CivilDay first = start.value_or(cycle.first);
  const absl::CivilDay last = due.value_or(cycle.last);
  Violations violations;
  CheckInside("start_date", first, cycle, violations);
  CheckInside("due_date", last, cycle, violations);
  if (!(first < last)) {
    violations.Add("due_date",
                   absl::StrCat("is ", absl::FormatCivilTime(last),
                                "; must be after the start date ", absl::FormatCivilTime(first)));
  }
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  return Window{StartOfDay(first, zone), EndOfDay(last, zone)};
}

}  // namespace okr::scoring
