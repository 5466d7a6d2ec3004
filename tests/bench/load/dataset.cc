#include "tests/bench/load/dataset.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace okr::bench {

int Dataset::teams() const { return std::max(1, objectives() / kObjectivesOfTeam); }

std::string Dataset::OrganizationId(int organization) const {
  if (options_.organizations == 1) return options_.prefix;
  return absl::StrCat(options_.prefix, "-", organization + 1);
}

std::string Dataset::OrganizationName(int organization) const {
  return absl::StrCat("organizations/", OrganizationId(organization));
}

std::string Dataset::PersonId(int person) { return absl::StrCat("p", person); }

std::string Dataset::TeamId(int team) { return absl::StrCat("t", team); }

std::string Dataset::ObjectiveId(int objective) { return absl::StrCat("o", objective); }

std::string Dataset::KeyResultId(int key_result) {
  return absl::StrCat("k", key_result % kKeyResultsOfObjective);
}

std::string Dataset::KeyResultName(int organization, int key_result) const {
  return absl::StrCat(OrganizationName(organization), "/objectives/",
                      ObjectiveId(key_result / kKeyResultsOfObjective), "/keyResults/",
                      KeyResultId(key_result));
}

int Dataset::TeamOf(int key_result) const { return key_result / kKeyResultsOfObjective % teams(); }

}  // namespace okr::bench
