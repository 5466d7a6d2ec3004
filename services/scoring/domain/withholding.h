// Aggregates over fewer than five people are never shown, nor may two answers, subtracted, show
// one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/scoring/domain/policy.h"

namespace okr::scoring {

// Who stands behind an objective: the members of the owning team, or the individual owner alone.
// Owners without an objective in the aggregate are not passed in.
struct Owner {
  std::string name;
  std::set<std::string> members;
};

// An aggregate that could be shown: what counts in it directly, and the aggregates that it contains
// whole (a team with its sub-teams; an organization with its teams). Each aggregate stands in at
// most one other and each owner counts directly in one only, so that subtracting shown aggregates
// from one another leaves nothing but the remainders that are checked here.
struct Group {
  std::string name;
  std::vector<Owner> owners;
  std::vector<std::string> children;
};

enum class Withheld {
  kTooFewPeople,   // The group itself is too small.
  kBySubtraction,  // Shown, it would show a group that is too small.
};
// "TOO_FEW_PEOPLE", "BY_SUBTRACTION".
std::string Name(Withheld withheld);

// True if an aggregate over `members` (distinct people) must be withheld.
bool TooFewPeople(const Policy& policy, const std::set<std::string>& members);

// Which of `groups` must be withheld, and why. A parent is kept rather than its children: while
// what remains of it beside its shown children is too small a group, its smallest shown child is
// withheld too. The answer depends on the set of groups only, not on their order. It must be taken
// over all groups that anybody could ask for, not only over those asked for now.
std::map<std::string, Withheld> WithheldGroups(const Policy& policy,
                                               const std::vector<Group>& groups);

}  // namespace okr::scoring
