#include "services/scoring/domain/withholding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace okr::scoring {
namespace {

using Answer = std::map<std::string, Withheld>;

// A team of its own people, `count` of them beginning with `first`.
Owner Team(const std::string& name, int first, int count) {
  Owner owner{name};
  for (int i = first; i < first + count; ++i) owner.members.insert("p" + std::to_string(i));
  return owner;
}

Group Leaf(const std::string& name, int first, int count) {
  return {name, {Team(name, first, count)}, {}};
}

Answer Of(const std::vector<Group>& groups) { return WithheldGroups(DefaultPolicy(), groups); }

TEST(Withholding, BeginsBelowFivePeople) {
  EXPECT_EQ(Of({Leaf("a", 0, 4)}), (Answer{{"a", Withheld::kTooFewPeople}}));
  EXPECT_TRUE(Of({Leaf("a", 0, 5)}).empty());
}

TEST(Withholding, CountsAPersonOnce) {
  const Group twice{"a", {Team("t1", 0, 3), Team("t2", 1, 3)}, {}};
  EXPECT_EQ(Of({twice}).count("a"), 1u);
}

TEST(Withholding, KeepsTheParentWhenItsSmallChildrenTogetherAreEnough) {
  EXPECT_EQ(Of({{"top", {}, {"a", "b"}}, Leaf("a", 0, 3), Leaf("b", 10, 4)}),
            (Answer{{"a", Withheld::kTooFewPeople}, {"b", Withheld::kTooFewPeople}}));
}

TEST(Withholding, HidesASecondChildSoThatTheFirstCannotBeSubtracted) {
  EXPECT_EQ(Of({{"top", {}, {"a", "b", "c"}}, Leaf("a", 0, 3), Leaf("b", 10, 7), Leaf("c", 20, 6)}),
            (Answer{{"a", Withheld::kTooFewPeople}, {"c", Withheld::kBySubtraction}}));
}

TEST(Withholding, ProtectsWhatTheParentOwnsItself) {
  EXPECT_EQ(Of({{"top", {Team("top", 0, 2)}, {"a"}}, Leaf("a", 10, 6)}),
            (Answer{{"a", Withheld::kBySubtraction}}));
}

TEST(Withholding, ProtectsALeadWhoIsAlsoAMemberOfTheChild) {
  EXPECT_EQ(Of({{"top", {Team("top", 10, 1)}, {"a"}}, Leaf("a", 10, 6)}),
            (Answer{{"a", Withheld::kBySubtraction}}));
}

TEST(Withholding, ProtectsAnIndividualOwner) {
  EXPECT_EQ(Of({{"top", {{"people/ann", {"ann"}}}, {"a"}}, Leaf("a", 10, 6)}).count("a"), 1u);
}

TEST(Withholding, ProtectsATeamWithoutMembers) {
  EXPECT_EQ(Of({{"top", {{"empty", {}}}, {"a"}}, Leaf("a", 10, 6)}).count("a"), 1u);
}

TEST(Withholding, ShowsAParentThatIsNoMoreThanItsChildren) {
  EXPECT_TRUE(Of({{"top", {}, {"a", "b"}}, Leaf("a", 0, 5), Leaf("b", 10, 5)}).empty());
}

TEST(Withholding, SeesThroughAWithheldLevel) {
  // The middle is hidden by its size alone; what it holds stays part of what remains of the top.
  const Answer answer = Of({{"top", {Team("top", 0, 2)}, {"middle", "side"}},
                            {"middle", {Team("middle", 10, 2)}, {}},
                            Leaf("side", 20, 9)});
  EXPECT_EQ(answer,
            (Answer{{"middle", Withheld::kTooFewPeople}, {"side", Withheld::kBySubtraction}}));
}

TEST(Withholding, SurvivesGroupsThatContainEachOther) {
  EXPECT_EQ(Of({{"a", {Team("a", 0, 6)}, {"b"}}, {"b", {Team("b", 10, 6)}, {"a"}}}).count("c"), 0u);
}

// The attack: every shown group minus any shown groups inside it, as far as they do not overlap. In
// a tree all that subtraction can yield is made of remainders of single groups.
void ExpectNoSmallRemainder(const std::vector<Group>& groups, const Answer& withheld) {
  std::map<std::string, const Group*> by_name;
  for (const Group& group : groups) by_name[group.name] = &group;
  for (const Group& group : groups) {
    if (withheld.count(group.name) > 0) continue;
    std::set<std::string> people;
    bool any = false;
    std::vector<const Group*> open = {&group};
    while (!open.empty()) {
      const Group* next = open.back();
      open.pop_back();
      for (const Owner& owner : next->owners) {
        any = true;
        people.insert(owner.members.begin(), owner.members.end());
      }
      for (const std::string& child : next->children) {
        if (withheld.count(child) > 0) open.push_back(by_name.at(child));
      }
    }
    EXPECT_TRUE(!any || people.size() >= 5) << group.name;
  }
}

TEST(Withholding, WithstandsSubtractionInRandomTrees) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<Group> groups;
    for (int i = 0; i < 15; ++i) {
      Group group{"g" + std::to_string(i), {}, {}};
      if (random() % 4 != 0) {
        group.owners.push_back(
            Team(group.name, static_cast<int>(random() % 60), static_cast<int>(random() % 9)));
      }
      if (i > 0) groups[random() % groups.size()].children.push_back(group.name);
      groups.push_back(group);
    }
    const Answer answer = Of(groups);
    ExpectNoSmallRemainder(groups, answer);
    std::shuffle(groups.begin(), groups.end(), random);
    EXPECT_EQ(Of(groups), answer);
  }
}

}  // namespace
}  // namespace okr::scoring
