// What check-ins measured, and which of it counts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace okr::scoring {

// One check-in as scoring sees it. A check-in that says nothing about the value (only confidence or
// a note) has neither value nor milestones. Deleted check-ins are not passed in.
struct Measurement {
  std::string check_in;       // Resource name.
  absl::Time effective_time;  // When it was observed.
  absl::Time create_time;     // When it was said.
  std::string corrects;       // The check-in that it corrects; empty for none.
  std::optional<double> value;
  std::optional<std::vector<std::string>> milestones_done;  // Ids of all that are done.
  bool operator==(const Measurement&) const = default;
};

// The measurements that stand before `due`, in the order in which they count: by effective time,
// then by create time, then by name. A corrected one is replaced by its latest correction, at the
// effective time of the one that was corrected first.
std::vector<Measurement> CountedMeasurements(const std::vector<Measurement>& measurements,
                                             absl::Time due);

}  // namespace okr::scoring
