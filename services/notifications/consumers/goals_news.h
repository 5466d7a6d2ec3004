// What the events of goals tell.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/notifications/consumers/telling.h"

namespace okr::notifications {

// What is known of the events of one run before they tell.
struct GoalsRun {
  // By id of an event: the full names of the parents that an objective became aligned to.
  std::map<std::string, std::vector<std::string>> new_parents;
  // By full name of a cycle: the relative names of its key results.
  std::map<std::string, std::vector<std::string>> key_results;
};

// ObjectiveCreated and ObjectiveAligned: the owners of each parent that is new. CycleGradingOpened:
// each owner of key results of the cycle, once.
absl::Status TellOfGoals(const GoalsRun& run, Telling& telling);

}  // namespace okr::notifications
