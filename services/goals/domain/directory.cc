#include "services/goals/domain/directory.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/text.h"

namespace okr::goals {

void CheckOrganization(const Organization& organization, absl::string_view prefix,
                       Violations& violations) {
  CheckText(absl::StrCat(prefix, "display_name"), organization.display_name, kDisplayName,
            violations);
  CheckTimeZone(absl::StrCat(prefix, "time_zone"), organization.time_zone, violations);
}

void CheckPerson(const Person& person, absl::string_view prefix, Violations& violations) {
  CheckText(absl::StrCat(prefix, "display_name"), person.display_name, kDisplayName, violations);
  CheckText(absl::StrCat(prefix, "subject"), person.subject, kSubject, violations);
  CheckEmail(absl::StrCat(prefix, "email"), person.email, violations);
  CheckTimeZone(absl::StrCat(prefix, "time_zone"), person.time_zone, violations);
}

void CheckTeam(const Team& team, absl::string_view prefix, Violations& violations) {
  CheckText(absl::StrCat(prefix, "display_name"), team.display_name, kDisplayName, violations);
  const std::string field = absl::StrCat(prefix, "members");
  if (team.members.size() > kMaxTeamMembers) {
    violations.Add(field, absl::StrCat("has ", team.members.size(), " people; at most ",
                                       kMaxTeamMembers, " are allowed"));
  }
  std::set<PersonName> seen;
  for (size_t i = 0; i < team.members.size(); ++i) {
    const PersonName& person = team.members[i].person;
    if (person.empty() || seen.insert(person).second) continue;
    violations.Add(absl::StrCat(field, "[", i, "].person"),
                   absl::StrCat("names ", person.ToString(), " again"));
  }
}

bool ChangesMoreThanMembers(const Team& present, const Team& next) {
  return present.parent != next.parent;
}

absl::Status EnsureUnused(const TeamName& team, const TeamUses& uses) {
  if (!uses.sub_teams.empty()) {
    return error::InUse(team.ToString(), uses.sub_teams.size(), "sub-teams",
                        uses.sub_teams.front());
  }
  if (!uses.objectives.empty()) {
    return error::InUse(team.ToString(), uses.objectives.size(), "objectives",
                        uses.objectives.front());
  }
  if (!uses.key_results.empty()) {
    return error::InUse(team.ToString(), uses.key_results.size(), "key results",
                        uses.key_results.front());
  }
  return absl::OkStatus();
}

}  // namespace okr::goals
