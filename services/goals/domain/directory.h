// The rules of organizations, people and teams.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/resources/resources.h"
#include "common/status/error.h"

namespace okr::goals {

inline constexpr size_t kMaxTeamMembers = 1'000;

// Each adds everything that is wrong with the resource's own fields; `prefix` is e.g. "person.". An
// empty name in a list stands for one that was wrong already.
void CheckOrganization(const Organization& organization, absl::string_view prefix,
                       Violations& violations);
void CheckPerson(const Person& person, absl::string_view prefix, Violations& violations);
void CheckTeam(const Team& team, absl::string_view prefix, Violations& violations);

// Whether `next` differs from `present` in what leads of the team may not change.
bool ChangesMoreThanMembers(const Team& present, const Team& next);

// What a team owns or has below it, by full names.
struct TeamUses {
  std::vector<std::string> sub_teams;
  std::vector<std::string> objectives;   // Not deleted.
  std::vector<std::string> key_results;  // Not deleted.
};
// RESOURCE_IN_USE unless the team is free to go.
absl::Status EnsureUnused(const TeamName& team, const TeamUses& uses);

}  // namespace okr::goals
