#include <thread>

#include "services/goals/transport/goals_fixture.h"

namespace okr::goals::transport {
namespace {

using okr::testing::HasCode;
using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::ElementsAre;

class Directory : public GoalsFixture {
 protected:
  api::CreatePersonRequest PersonRequest(const std::string& id, const std::string& subject) const {
    api::CreatePersonRequest request;
    request.set_parent(Parent());
    request.set_person_id(id);
    request.mutable_person()->set_display_name(id);
    request.mutable_person()->set_subject(subject);
    return request;
  }
  api::CreateTeamRequest TeamRequest(const std::string& id, const std::string& parent) const {
    api::CreateTeamRequest request;
    request.set_parent(Parent());
    request.set_team_id(id);
    request.mutable_team()->set_display_name(id);
    if (!parent.empty()) request.mutable_team()->set_parent(Name(parent));
    return request;
  }
  api::UpdateTeamRequest MoveTeam(const std::string& id, const std::string& parent) const {
    api::UpdateTeamRequest request;
    request.mutable_team()->set_name(Name("teams/" + id));
    request.mutable_team()->set_parent(Name("teams/" + parent));
    return request;
  }
  api::DeleteTeamRequest DeleteTeamOf(const std::string& id) const {
    api::DeleteTeamRequest request;
    request.set_name(Name("teams/" + id));
    return request;
  }
};

TEST_F(Directory, HasAnOrganizationOnce) {
  api::CreateOrganizationRequest request;
  request.set_organization_id(organization_);
  request.mutable_organization()->set_display_name("Again");
  request.mutable_administrator()->set_display_name("Admin");
  EXPECT_THAT(Write(Admin(), CreateOrganization, request), HasReason("RESOURCE_ALREADY_EXISTS"));
}

TEST_F(Directory, MakesOnlyTheOrganizationOfTheTokenAndForAdministrators) {
  api::CreateOrganizationRequest request;
  request.set_organization_id("other");
  request.mutable_organization()->set_display_name("Other");
  request.mutable_administrator()->set_display_name("Admin");
  EXPECT_THAT(Write(Admin(), CreateOrganization, request), HasReason("WRONG_ORGANIZATION"));
  request.set_organization_id(organization_);
  EXPECT_THAT(Write(As("ann"), CreateOrganization, request), HasReason("PERMISSION_DENIED"));
}

TEST_F(Directory, UpdatesTheOrganization) {
  api::UpdateOrganizationRequest request;
  request.mutable_organization()->set_name(Parent());
  request.mutable_organization()->set_time_zone("Europe/Berlin");
  ASSERT_OK_AND_ASSIGN(const api::Organization updated,
                       Write(Admin(), UpdateOrganization, request));
  EXPECT_EQ(updated.display_name(), "Acme");
  EXPECT_EQ(updated.time_zone(), "Europe/Berlin");
  request.mutable_organization()->set_time_zone("Nowhere");
  EXPECT_THAT(Write(Admin(), UpdateOrganization, request), NamesField("organization.time_zone"));
  EXPECT_THAT(Write(As("ann"), UpdateOrganization, request), HasReason("PERMISSION_DENIED"));
}

TEST_F(Directory, HasEachSubjectOnce) {
  const auto taken = Write(Admin(), CreatePerson, PersonRequest("ann2", "ann"));
  EXPECT_THAT(taken, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(DetailsOf(taken.status()).metadata.at("name"), Name("people/ann"));
  EXPECT_THAT(Write(Admin(), CreatePerson, PersonRequest("ann", "ann2")),
              HasReason("RESOURCE_ALREADY_EXISTS"));
  api::UpdatePersonRequest update;
  update.mutable_person()->set_name(Name("people/bob"));
  update.mutable_person()->set_subject("ann");
  EXPECT_THAT(Write(Admin(), UpdatePerson, update), HasReason("RESOURCE_ALREADY_EXISTS"));
}

TEST_F(Directory, HasEachSubjectOnceAlsoWithTwoWriters) {
  const std::unique_ptr<store::Writer> other = MakeWriter();
  for (int round = 0; round < 10; ++round) {
    const std::string subject = absl::StrCat("s", round);
    absl::StatusOr<api::Person> one;
    std::thread thread([&] {
      one = Write(*other, Admin(), CreatePerson, PersonRequest(absl::StrCat("x", round), subject));
    });
    const auto two = Write(Admin(), CreatePerson, PersonRequest(absl::StrCat("y", round), subject));
    thread.join();
    EXPECT_NE(one.ok(), two.ok());
    EXPECT_THAT(one.ok() ? two : one, HasReason("RESOURCE_ALREADY_EXISTS"));
  }
}

TEST_F(Directory, HasNobodyCalledMe) {
  EXPECT_THAT(Write(Admin(), CreatePerson, PersonRequest("me", "s")), NamesField("person_id"));
}

TEST_F(Directory, IsWrittenByAdministrators) {
  EXPECT_THAT(Write(As("ann"), CreatePerson, PersonRequest("x", "x")),
              HasReason("PERMISSION_DENIED"));
  EXPECT_THAT(Write(As("ann"), CreateTeam, TeamRequest("x", "")), HasReason("PERMISSION_DENIED"));
}

TEST_F(Directory, LetsLeadsSayWhoIsInTheirTeam) {
  api::UpdateTeamRequest request;
  request.mutable_team()->set_name(Name("teams/web"));
  request.mutable_team()->set_display_name("The web");
  api::TeamMember& member = *request.mutable_team()->add_members();
  member.set_person(Name("people/me"));
  member.set_role(api::TEAM_ROLE_LEAD);
  request.mutable_team()->add_members()->set_person(Name("people/cat"));
  EXPECT_THAT(Write(As("bob"), UpdateTeam, request), HasReason("PERMISSION_DENIED"));
  ASSERT_OK_AND_ASSIGN(const api::Team updated, Write(As("ann"), UpdateTeam, request));
  EXPECT_EQ(updated.members(0).person(), Name("people/ann"));
  EXPECT_EQ(updated.members(1).person(), Name("people/cat"));
  ASSERT_OK(Write(Admin(), CreateTeam, TeamRequest("all", "")));
  EXPECT_THAT(Write(As("ann"), UpdateTeam, MoveTeam("web", "all")), HasReason("PERMISSION_DENIED"));
}

TEST_F(Directory, KeepsTeamsATree) {
  ASSERT_OK(Write(Admin(), CreateTeam, TeamRequest("a", "")));
  ASSERT_OK(Write(Admin(), CreateTeam, TeamRequest("b", "teams/a")));
  ASSERT_OK(Write(Admin(), CreateTeam, TeamRequest("c", "teams/b")));
  const auto circle = Write(Admin(), UpdateTeam, MoveTeam("a", "c"));
  EXPECT_THAT(circle, HasReason("TEAM_CYCLE"));
  EXPECT_EQ(DetailsOf(circle.status()).metadata.at("path"),
            absl::StrCat(Name("teams/c"), " -> ", Name("teams/b"), " -> ", Name("teams/a")));
  EXPECT_THAT(Write(Admin(), UpdateTeam, MoveTeam("a", "a")), HasReason("TEAM_CYCLE"));
  EXPECT_THAT(Write(Admin(), UpdateTeam, MoveTeam("a", "none")), NamesField("team.parent"));
}

TEST_F(Directory, DeletesTeamsThatAreFree) {
  ASSERT_OK(Write(Admin(), CreateTeam, TeamRequest("sub", "teams/web")));
  EXPECT_THAT(Write(Admin(), DeleteTeam, DeleteTeamOf("web")), HasReason("RESOURCE_IN_USE"));
  ASSERT_OK(Write(Admin(), DeleteTeam, DeleteTeamOf("sub")));
  MakeObjective("o1", "teams/web");
  const auto in_use = Write(Admin(), DeleteTeam, DeleteTeamOf("web"));
  EXPECT_THAT(in_use, HasReason("RESOURCE_IN_USE"));
  EXPECT_EQ(DetailsOf(in_use.status()).metadata.at("example"), Name("objectives/o1"));
  v1::DeleteObjectiveRequest gone;
  gone.set_name(Name("objectives/o1"));
  ASSERT_OK(Write(Admin(), DeleteObjective, gone));
  ASSERT_OK(Write(Admin(), DeleteTeam, DeleteTeamOf("web")));
  EXPECT_THAT(Write(Admin(), DeleteTeam, DeleteTeamOf("web")), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(Write(Admin(), CreateObjective, ObjectiveRequest("o2", "teams/web")),
              NamesField("objective.owner"));
}

}  // namespace
}  // namespace okr::goals::transport
