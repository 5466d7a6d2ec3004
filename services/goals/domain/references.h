// Whether what a field names may be named there. `found` is null where there is no such resource.
#pragma once

#include "absl/strings/string_view.h"
#include "common/resources/resources.h"
#include "common/status/error.h"

namespace okr::goals {

// An owner must be an active person or a team that is not deleted. `person` or `team`, as it names.
void CheckOwner(absl::string_view field, const Owner& owner, const Person* person, const Team* team,
                Violations& violations);

// A person must exist; also one who has left may be named.
void CheckPersonExists(absl::string_view field, const PersonName& name, const Person* found,
                       Violations& violations);

// A team must exist and not be deleted.
void CheckTeamExists(absl::string_view field, const TeamName& name, const Team* found,
                     Violations& violations);

void CheckCycleExists(absl::string_view field, const CycleName& name, const Cycle* found,
                      Violations& violations);

}  // namespace okr::goals
