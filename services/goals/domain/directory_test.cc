#include "services/goals/domain/directory.h"

#include "services/goals/domain/domain_test_support.h"
#include "services/goals/domain/references.h"

namespace okr::goals {
namespace {

using testing::HasReason;

Person RightPerson() {
  return {.name = PersonName(Acme(), "ann"), .display_name = "Ann", .subject = "ann@idp"};
}

Team RightTeam() {
  return {.name = TeamName(Acme(), "web"),
          .display_name = "Web",
          .members = {{.person = PersonName(Acme(), "ann"), .role = TeamRole::kLead}}};
}

using PersonCase = FieldCase<Person>;
class PersonFields : public ::testing::TestWithParam<PersonCase> {};

TEST_P(PersonFields, AreChecked) {
  Person person = RightPerson();
  GetParam().change(person);
  Violations violations;
  CheckPerson(person, "person.", violations);
  ExpectField(violations, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, PersonFields,
    ::testing::Values(
        PersonCase{"Right", [](Person&) {}, ""},
        PersonCase{"NoName", [](Person& p) { p.display_name = ""; }, "person.display_name"},
        PersonCase{"NoSubject", [](Person& p) { p.subject = ""; }, "person.subject"},
        PersonCase{"LongSubject", [](Person& p) { p.subject = std::string(256, 'x'); },
                   "person.subject"},
        PersonCase{"WrongEmail", [](Person& p) { p.email = "ann"; }, "person.email"},
        PersonCase{"WrongZone", [](Person& p) { p.time_zone = "Mars/Olympus"; },
                   "person.time_zone"}),
    CaseName<Person>);

using TeamCase = FieldCase<Team>;
class TeamFields : public ::testing::TestWithParam<TeamCase> {};

TEST_P(TeamFields, AreChecked) {
  Team team = RightTeam();
  GetParam().change(team);
  Violations violations;
  CheckTeam(team, "team.", violations);
  ExpectField(violations, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, TeamFields,
    ::testing::Values(TeamCase{"Right", [](Team&) {}, ""},
                      TeamCase{"NoName", [](Team& t) { t.display_name = ""; }, "team.display_name"},
                      TeamCase{"SomebodyTwice",
                               [](Team& t) { t.members.push_back(t.members.front()); },
                               "team.members[1].person"},
                      TeamCase{"TooMany",
                               [](Team& t) {
                                 for (int i = 0; i < 1000; ++i) {
                                   t.members.push_back(
                                       {.person = PersonName(Acme(), absl::StrCat("p", i))});
                                 }
                               },
                               "team.members"}),
    CaseName<Team>);

TEST(CheckOrganization, WantsANameAndAKnownZone) {
  Organization organization{.name = Acme(), .display_name = "Acme"};
  Violations right;
  CheckOrganization(organization, "organization.", right);
  ExpectField(right, "");
  organization.time_zone = "Nowhere";
  Violations wrong;
  CheckOrganization(organization, "organization.", wrong);
  ExpectField(wrong, "organization.time_zone");
}

TEST(ChangesMoreThanMembers, OnlyWhenTheTeamMoves) {
  Team next = RightTeam();
  next.display_name = "The web";
  next.members.clear();
  EXPECT_FALSE(ChangesMoreThanMembers(RightTeam(), next));
  next.parent = TeamName(Acme(), "all");
  EXPECT_TRUE(ChangesMoreThanMembers(RightTeam(), next));
}

TEST(EnsureUnused, TellsWhatIsInTheWay) {
  const TeamName team(Acme(), "web");
  EXPECT_OK(EnsureUnused(team, {}));
  for (const TeamUses& uses :
       {TeamUses{.sub_teams = {"x", "y"}}, TeamUses{.objectives = {"x", "y"}},
        TeamUses{.key_results = {"x", "y"}}}) {
    const absl::Status status = EnsureUnused(team, uses);
    EXPECT_THAT(status, HasReason("RESOURCE_IN_USE"));
    EXPECT_EQ(DetailsOf(status).metadata.at("count"), "2");
    EXPECT_EQ(DetailsOf(status).metadata.at("example"), "x");
  }
}

TEST(CheckOwner, WantsAnActivePersonOrALivingTeam) {
  const Person active = RightPerson();
  Person gone = active;
  gone.state = PersonState::kDeactivated;
  const Team living = RightTeam();
  Team deleted = living;
  deleted.times.delete_time = kNow;
  const Owner person(active.name);
  const Owner team(living.name);
  struct Case {
    Owner owner;
    const Person* person;
    const Team* team;
    bool right;
  };
  for (const Case& c :
       {Case{person, &active, nullptr, true}, Case{person, nullptr, nullptr, false},
        Case{person, &gone, nullptr, false}, Case{team, nullptr, &living, true},
        Case{team, nullptr, nullptr, false}, Case{team, nullptr, &deleted, false}}) {
    Violations violations;
    CheckOwner("owner", c.owner, c.person, c.team, violations);
    ExpectField(violations, c.right ? "" : "owner");
  }
}

}  // namespace
}  // namespace okr::goals
