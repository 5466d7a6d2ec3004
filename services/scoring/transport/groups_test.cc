#include "services/scoring/transport/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/scoring/transport/hiding.h"

namespace okr::scoring {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

const OrganizationName kAcme("acme");

std::string TeamOf(const std::string& id) { return TeamName(kAcme, id).ToString(); }
std::string PersonOf(const std::string& id) { return PersonName(kAcme, id).ToString(); }

class Groups : public ::testing::Test {
 protected:
  // Members are the letters of `members`.
  void Team(const std::string& id, const std::string& members, const std::string& parent = "") {
    ::okr::Team team{.name = TeamName(kAcme, id)};
    if (!parent.empty()) team.parent = TeamName(kAcme, parent);
    for (const char member : members) {
      team.members.push_back({PersonName(kAcme, std::string(1, member)), TeamRole::kMember});
    }
    scores_.teams.push_back(std::move(team));
  }
  void Owns(::okr::Owner owner, bool scored = true) {
    CycleObjective one;
    one.objective.name = ObjectiveName(kAcme, absl::StrCat("o", scores_.objectives.size()));
    one.objective.owner = std::move(owner);
    one.objective.state = ObjectiveState::kActive;
    if (scored) one.score.set_score(0.5);
    scores_.objectives.push_back(std::move(one));
  }
  void TeamOwns(const std::string& id) { Owns(::okr::Owner(TeamName(kAcme, id))); }
  void PersonsOwn(const std::string& persons) {
    for (const char person : persons) Owns(::okr::Owner(PersonName(kAcme, std::string(1, person))));
  }
  CycleGroups Make() const { return CycleGroups(DefaultPolicy(), scores_); }

  CycleScores scores_;
};

TEST_F(Groups, NothingIsNotWithheld) {
  Team("t", "abcde");
  EXPECT_THAT(Make().WithheldOwn(TeamOf("t")), IsEmpty());
  EXPECT_THAT(Make().WithheldWithAll(TeamOf("t")), IsEmpty());
  EXPECT_THAT(Make().WithheldOrganization(), IsEmpty());
}

TEST_F(Groups, OwnersWithoutScoresDoNotStandBehindAnything) {
  Team("t", "abcd");
  Owns(::okr::Owner(TeamName(kAcme, "t")), /*scored=*/false);
  EXPECT_THAT(Make().WithheldOwn(TeamOf("t")), IsEmpty());
}

TEST_F(Groups, PeopleInTwoTeamsCountOnce) {
  Team("all", "");
  Team("one", "abcd", "all");
  Team("two", "abcd", "all");
  TeamOwns("one");
  TeamOwns("two");
  EXPECT_THAT(Make().WithheldWithAll(TeamOf("all")), StartsWith("TOO_FEW_PEOPLE"));
}

TEST_F(Groups, SmallTeamsTogetherAreShownAboveOnly) {
  Team("all", "");
  Team("one", "abc", "all");
  Team("two", "def", "all");
  TeamOwns("one");
  TeamOwns("two");
  const CycleGroups groups = Make();
  EXPECT_THAT(groups.WithheldOwn(TeamOf("one")), StartsWith("TOO_FEW_PEOPLE"));
  EXPECT_THAT(groups.WithheldWithAll(TeamOf("all")), IsEmpty());
  EXPECT_THAT(groups.WithheldOrganization(), IsEmpty());
}

TEST_F(Groups, FourPersonsAreNeverShownAmongTeams) {
  Team("t", "abcdefgh");
  TeamOwns("t");
  PersonsOwn("wxyz");
  const CycleGroups groups = Make();
  EXPECT_THAT(groups.WithheldOrganization(), StartsWith("TOO_FEW_PEOPLE"));
  EXPECT_THAT(groups.WithheldOwn(TeamOf("t")), IsEmpty());
}

TEST_F(Groups, FivePersonsAreShown) {
  Team("t", "abcdefgh");
  TeamOwns("t");
  PersonsOwn("vwxyz");
  EXPECT_THAT(Make().WithheldOrganization(), IsEmpty());
}

// Six persons in all, five of them in one team: the difference is one.
TEST_F(Groups, PersonsAreNotShownBySubtractingTeamsWithAll) {
  Team("t", "abcde");
  PersonsOwn("abcdez");
  const CycleGroups groups = Make();
  EXPECT_THAT(groups.WithheldOrganization(), IsEmpty());
  EXPECT_THAT(groups.WithheldWithAll(TeamOf("t")), StartsWith("BY_SUBTRACTION"));
}

TEST_F(Groups, APersonCountsInTheFirstTeamByName) {
  Team("a", "xy");
  Team("b", "yz");
  EXPECT_THAT(Make().OwnersWithAll(TeamOf("a")),
              UnorderedElementsAre(TeamOf("a"), PersonOf("x"), PersonOf("y")));
  EXPECT_THAT(Make().OwnersWithAll(TeamOf("b")), UnorderedElementsAre(TeamOf("b"), PersonOf("z")));
}

TEST_F(Groups, SubTeamsOfAnyDepthAreInATeamWithAll) {
  Team("a", "");
  Team("b", "", "a");
  Team("c", "x", "b");
  EXPECT_THAT(Make().OwnersWithAll(TeamOf("a")),
              UnorderedElementsAre(TeamOf("a"), TeamOf("b"), TeamOf("c"), PersonOf("x")));
}

TEST(HideParts, KeepsWhatAPartContributes) {
  v1::Explanation explanation;
  for (const char* name : {"open", "secret"}) {
    v1::ExplanationPart& part = *explanation.add_parts();
    part.set_name(name);
    part.set_weight(2);
    part.set_value(0.5);
    part.set_included(true);
    v1::ExplanationInput& input = *explanation.add_inputs();
    input.set_name("commitment");
    input.set_source(name);
  }
  HideParts([](absl::string_view name) { return name == "open"; }, explanation);
  EXPECT_EQ(explanation.parts(0).name(), "open");
  EXPECT_EQ(explanation.parts(1).name(), "part 2");
  EXPECT_EQ(explanation.parts(1).weight(), 2);
  EXPECT_EQ(explanation.parts(1).value(), 0.5);
  EXPECT_EQ(explanation.inputs(1).source(), "part 2");
}

}  // namespace
}  // namespace okr::scoring
