// What decides when check-ins of a key result are due, as a View shows it.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/view.h"
#include "services/checkins/domain/due_dates.h"
#include "services/checkins/store/tables.h"

namespace okr::checkins {

// Pointers into the view. Null: there is no such thing.
struct Subjects {
  const Organization* organization = nullptr;
  const Objective* objective = nullptr;
  const KeyResult* key_result = nullptr;
  const Cycle* cycle = nullptr;

  // Whether key result and objective are there and not deleted.
  bool exist() const;
  // Of the organization; UTC if it is not known.
  absl::TimeZone zone() const;
  // The due dates, absent while no check-ins are taken.
  std::optional<DueDates> due_dates() const;
};

// Notes the rows that FindSubjects looks for first, and the due state.
void WantSubjects(store::View& view, const KeyResultName& name);

// The cycle is found by the key result, so it takes another round.
absl::StatusOr<Subjects> FindSubjects(store::View& view, const KeyResultName& name);

// The row of a key result under what is now its schedule.
DueRow Reschedule(DueRow row, const Subjects& subjects, absl::Time now);

// Looks at the due state of a key result, which must have a row: brings it under what is now its
// schedule, tells the log if something became due, and writes it.
absl::Status LookAt(store::View& view, const KeyResultName& name, const DueRow& row);

}  // namespace okr::checkins
