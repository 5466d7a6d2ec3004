#include "services/scoring/domain/withholding.h"

#include <optional>
#include <utility>

namespace okr::scoring {
namespace {

// What remains of a shown group beside the shown groups in it.
struct Remainder {
  bool empty = true;  // No owner: subtraction yields nothing.
  std::set<std::string> people;
  std::vector<std::string> shown;  // The outermost shown groups inside.
};

class Suppression {
 public:
  Suppression(const Policy& policy, const std::vector<Group>& groups) : policy_(policy) {
    for (const Group& group : groups) groups_.emplace(group.name, &group);
    for (const auto& [name, group] : groups_) {
      Names seen;
      CollectPeople(name, people_[name], seen);
      if (TooFewPeople(policy_, people_[name])) withheld_[name] = Withheld::kTooFewPeople;
    }
  }

  std::map<std::string, Withheld> Run() {
    while (const std::optional<std::string> next = NextToWithhold()) {
      withheld_[*next] = Withheld::kBySubtraction;
    }
    return std::move(withheld_);
  }

 private:
  using Names = std::set<std::string>;

  // `seen` ends the walk should groups ever contain each other.
  void CollectPeople(const std::string& name, Names& people, Names& seen) const {
    const auto found = groups_.find(name);
    if (found == groups_.end() || !seen.insert(name).second) return;
    for (const Owner& owner : found->second->owners) {
      people.insert(owner.members.begin(), owner.members.end());
    }
    for (const std::string& child : found->second->children) CollectPeople(child, people, seen);
  }

  void CollectRemainder(const std::string& name, Remainder& remainder, Names& seen) const {
    const auto found = groups_.find(name);
    if (found == groups_.end() || !seen.insert(name).second) return;
    for (const Owner& owner : found->second->owners) {
      remainder.empty = false;
      remainder.people.insert(owner.members.begin(), owner.members.end());
    }
    for (const std::string& child : found->second->children) {
      if (withheld_.contains(child)) {
        CollectRemainder(child, remainder, seen);
      } else if (groups_.contains(child)) {
        remainder.shown.push_back(child);
      }
    }
  }

  // The smallest of the groups, the first by name of equals.
  const std::string& Smallest(const std::vector<std::string>& names) const {
    const std::string* smallest = &names.front();
    for (const std::string& name : names) {
      const size_t size = people_.at(name).size();
      const size_t least = people_.at(*smallest).size();
      if (size < least || (size == least && name < *smallest)) {
        smallest = &name;
      }
    }
    return *smallest;
  }

  // A shown group that must go because of what it would show of another; none at the end.
  std::optional<std::string> NextToWithhold() const {
    for (const auto& [name, group] : groups_) {
      if (withheld_.contains(name)) continue;
      Remainder remainder;
      Names seen;
      CollectRemainder(name, remainder, seen);
      if (remainder.empty || !TooFewPeople(policy_, remainder.people)) continue;
      return remainder.shown.empty() ? name : Smallest(remainder.shown);
    }
    return std::nullopt;
  }

  const Policy& policy_;
  std::map<std::string, const Group*> groups_;
  std::map<std::string, std::set<std::string>> people_;  // Of each group, all in all.
  std::map<std::string, Withheld> withheld_;
};

}  // namespace

std::string Name(Withheld withheld) {
  return withheld == Withheld::kTooFewPeople ? "TOO_FEW_PEOPLE" : "BY_SUBTRACTION";
}

bool TooFewPeople(const Policy& policy, const std::set<std::string>& members) {
  return members.size() < static_cast<size_t>(policy.min_group_size);
}

std::map<std::string, Withheld> WithheldGroups(const Policy& policy,
                                               const std::vector<Group>& groups) {
  return Suppression(policy, groups).Run();
}

}  // namespace okr::scoring
