// Who is told.
#pragma once

#include <optional>
#include <vector>

#include "common/resources/resources.h"

namespace okr::notifications {

// A person stands for themselves, a team for its leads. `team` is the one that the owner names;
// null if it is a person or the team is not known. Nobody for no owner and for a deleted team.
std::vector<PersonName> PeopleBehind(const Owner& owner, const Team* team);

// Whether a person may see the objective and what hangs below it. Administrators may see more by
// their tokens, but that is no reason to tell them.
bool MaySee(const Objective& objective, const PersonName& person);

// Nobody is told of their own act, nor after they were deactivated.
bool IsTold(const Person& person, const std::optional<PersonName>& actor);

// Objectives and key results whose life goes on: the others are not spoken of any more.
bool IsAlive(const Objective& objective);
bool IsAlive(const KeyResult& key_result);

}  // namespace okr::notifications
