#include "services/scoring/transport/groups.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/scoring/store/facts.h"

namespace okr::scoring {
namespace {

constexpr char kOrganization[] = "organization";
constexpr char kOwnPrefix[] = "own:";

std::string Own(const std::string& team) { return absl::StrCat(kOwnPrefix, team); }
std::string WithAll(const std::string& team) { return absl::StrCat("all:", team); }

// Whether an aggregate shows something of the objective.
bool Counts(const CycleObjective& objective) {
  return LifecycleOf(objective.objective) == Lifecycle::kActive &&
         (objective.score.has_score() || objective.score.has_progress());
}

}  // namespace

CycleGroups::CycleGroups(const Policy& policy, const CycleScores& scores) {
  AddTeams(scores);
  AddOwners(scores);
  // The scores of objectives that teams own are shown one by one to everybody, so they can be taken
  // out of any mean: what then remains are the persons' own ones.
  withheld_ = WithheldGroups(policy, PersonsOnly());
  withheld_.merge(WithheldGroups(policy, WithoutWithheld()));
  // Nobody stands behind an aggregate over nothing.
  const std::set<std::string> filled = Filled(/*persons_only=*/false);
  std::erase_if(withheld_, [&](const auto& entry) { return !filled.contains(entry.first); });
}

void CycleGroups::AddTeams(const CycleScores& scores) {
  for (const ::okr::Team& team : scores.teams) teams_[team.name.ToString()] = &team;
  groups_[kOrganization].name = kOrganization;
  for (const auto& [name, team] : teams_) {
    groups_[Own(name)].name = Own(name);
    groups_[WithAll(name)].name = WithAll(name);
    groups_[WithAll(name)].children.push_back(Own(name));
    if (team->times.delete_time) continue;
    for (const TeamMember& member : team->members) {
      home_.try_emplace(member.person.ToString(), name);
    }
  }
  for (const auto& [name, team] : teams_) {
    const std::string parent = team->parent ? team->parent->ToString() : "";
    const bool is_root = !teams_.contains(parent);
    groups_[is_root ? kOrganization : WithAll(parent)].children.push_back(WithAll(name));
    if (!is_root) below_[parent].push_back(name);
  }
}

void CycleGroups::AddOwners(const CycleScores& scores) {
  std::map<std::string, Owner> owners;
  for (const CycleObjective& objective : scores.objectives) {
    if (!Counts(objective)) continue;
    const std::string name = objective.objective.owner.ToString();
    const auto team = teams_.find(name);
    if (team == teams_.end()) {
      owners[name] = {.name = name, .members = {name}};
      continue;
    }
    Owner& owner = owners[name] = {.name = name};
    for (const TeamMember& member : team->second->members) {
      owner.members.insert(member.person.ToString());
    }
  }
  for (auto& [name, owner] : owners) {
    const auto home = home_.find(name);
    const std::string group = teams_.contains(name) ? Own(name)
                              : home == home_.end() ? kOrganization
                                                    : WithAll(home->second);
    groups_[group].owners.push_back(std::move(owner));
  }
}

// The groups with an owner in them, at any depth.
std::set<std::string> CycleGroups::Filled(bool persons_only) const {
  std::set<std::string> filled;
  // Children have no order among the names: repeat until no parent comes in any more.
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [name, group] : groups_) {
      if (filled.contains(name) || (persons_only && absl::StartsWith(name, kOwnPrefix))) continue;
      const bool any = !group.owners.empty() ||
                       std::any_of(group.children.begin(), group.children.end(),
                                   [&](const auto& child) { return filled.contains(child); });
      if (!any) continue;
      filled.insert(name);
      grown = true;
    }
  }
  return filled;
}

// The same tree with the persons alone; what holds none is not a group of it.
std::vector<Group> CycleGroups::PersonsOnly() const {
  std::vector<Group> persons;
  const std::set<std::string> filled = Filled(/*persons_only=*/true);
  for (const std::string& name : filled) {
    Group group = groups_.at(name);
    std::erase_if(group.children,
                  [&](const std::string& child) { return !filled.contains(child); });
    persons.push_back(std::move(group));
  }
  return persons;
}

// A withheld aggregate is none: what it holds stands in the one around it.
std::vector<Group> CycleGroups::WithoutWithheld() const {
  std::vector<Group> shown;
  for (const auto& [name, group] : groups_) {
    if (withheld_.contains(name)) continue;
    Group merged{.name = name, .owners = group.owners};
    std::vector<std::string> open = group.children;
    while (!open.empty()) {
      const std::string child = std::move(open.back());
      open.pop_back();
      if (!withheld_.contains(child)) {
        merged.children.push_back(child);
        continue;
      }
      const Group& inner = groups_.at(child);
      merged.owners.insert(merged.owners.end(), inner.owners.begin(), inner.owners.end());
      open.insert(open.end(), inner.children.begin(), inner.children.end());
    }
    shown.push_back(std::move(merged));
  }
  return shown;
}

std::string CycleGroups::ReasonOf(const std::string& group) const {
  const auto found = withheld_.find(group);
  if (found == withheld_.end()) return "";
  return found->second == Withheld::kTooFewPeople
             ? "TOO_FEW_PEOPLE: fewer than five people stand behind these numbers"
             : "BY_SUBTRACTION: with other numbers, these would show those of fewer than five "
               "people";
}

std::string CycleGroups::WithheldOwn(const std::string& team) const { return ReasonOf(Own(team)); }
std::string CycleGroups::WithheldWithAll(const std::string& team) const {
  return ReasonOf(WithAll(team));
}
std::string CycleGroups::WithheldOrganization() const { return ReasonOf(kOrganization); }

std::set<std::string> CycleGroups::OwnersWithAll(const std::string& team) const {
  std::set<std::string> owners;
  std::vector<std::string> open = {team};
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    if (!owners.insert(name).second) continue;
    if (const auto below = below_.find(name); below != below_.end()) {
      open.insert(open.end(), below->second.begin(), below->second.end());
    }
  }
  for (const auto& [person, home] : home_) {
    if (owners.contains(home)) owners.insert(person);
  }
  return owners;
}

}  // namespace okr::scoring
