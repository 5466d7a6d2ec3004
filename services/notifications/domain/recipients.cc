#include "services/notifications/domain/recipients.h"

#include <algorithm>

namespace okr::notifications {

std::vector<PersonName> PeopleBehind(const Owner& owner, const Team* team) {
  if (owner.person() != nullptr) return {*owner.person()};
  std::vector<PersonName> leads;
  if (owner.team() == nullptr || team == nullptr || team->times.delete_time) return leads;
  for (const TeamMember& member : team->members) {
    if (member.role == TeamRole::kLead) leads.push_back(member.person);
  }
  return leads;
}

bool MaySee(const Objective& objective, const PersonName& person) {
  if (objective.visibility != Visibility::kPrivate) return true;
  if (objective.owner.person() != nullptr && *objective.owner.person() == person) return true;
  const std::vector<PersonName>& shared = objective.shared_with;
  return std::find(shared.begin(), shared.end(), person) != shared.end();
}

bool IsTold(const Person& person, const std::optional<PersonName>& actor) {
  return person.state != PersonState::kDeactivated && actor != person.name;
}

bool IsAlive(const Objective& objective) {
  return !objective.deleted() && objective.state != ObjectiveState::kRetired;
}

bool IsAlive(const KeyResult& key_result) {
  return !key_result.deleted() && key_result.state != KeyResultState::kRetired;
}

}  // namespace okr::notifications
