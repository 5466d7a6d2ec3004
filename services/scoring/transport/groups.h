// Which aggregates of a cycle may be shown to anybody.
#pragma once

#include <map>
#include <set>
#include <string>

#include "services/scoring/domain/withholding.h"
#include "services/scoring/transport/cycle_scores.h"

namespace okr::scoring {

// All aggregates that anybody can ask for in one cycle, and what may be shown of them.
//
// They form a tree: the organization, the root teams with all below them, and so on; a team "with
// all" contains the team's own aggregate, the "with all" of its sub-teams, and the persons in it. A
// person who is in several teams counts in the first of them by name, in no team directly in the
// organization.
class CycleGroups {
 public:
  CycleGroups(const Policy& policy, const CycleScores& scores);

  // Why the aggregate is withheld; empty if it may be shown.
  std::string WithheldOwn(const std::string& team) const;
  std::string WithheldWithAll(const std::string& team) const;
  std::string WithheldOrganization() const;

  // Names (of teams and persons) whose objectives the team's "with all" is over.
  std::set<std::string> OwnersWithAll(const std::string& team) const;

 private:
  void AddTeams(const CycleScores& scores);
  void AddOwners(const CycleScores& scores);
  std::set<std::string> Filled(bool persons_only) const;
  std::vector<Group> PersonsOnly() const;
  std::vector<Group> WithoutWithheld() const;
  std::string ReasonOf(const std::string& group) const;

  std::map<std::string, const ::okr::Team*> teams_;
  std::map<std::string, std::string> home_;  // Of persons: the team in which they count.
  std::map<std::string, std::vector<std::string>> below_;  // Of teams: sub-teams.
  std::map<std::string, Group> groups_;
  std::map<std::string, Withheld> withheld_;
};

}  // namespace okr::scoring
