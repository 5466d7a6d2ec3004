#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void MakeTeam(Company& company, absl::string_view id, absl::string_view more = "") {
  ASSERT_OK(company.admin().Call<directory::CreateTeamRequest>(
      absl::StrCat("parent: '$O' team_id: '", id, "' team { display_name: 'Team' ", more, " }")));
}

TEST(CreateTeam, MakesItWithItsMembers) {
  Company company;
  ASSERT_OK_AND_ASSIGN(
      const directory::Team made,
      company.admin().Call<directory::CreateTeamRequest>(
          "parent: '$O' team_id: 'new' team { display_name: 'New' parent: '$O/teams/crew'"
          " members { person: '$O/people/ann' } members { person: '$O/people/me'"
          " role: TEAM_ROLE_LEAD } }"));
  EXPECT_EQ(made.parent(), company.name("teams/crew"));
  ASSERT_EQ(made.members_size(), 2);
  EXPECT_EQ(made.members(0).role(), directory::TEAM_ROLE_MEMBER);
  EXPECT_EQ(made.members(1).person(), company.name("people/admin"));
  ASSERT_OK_AND_ASSIGN(const auto read,
                       company.vic().Call<directory::GetTeamRequest>("name: '$O/teams/new'"));
  EXPECT_EQ(read.DebugString(), made.DebugString());
}

TEST(CreateTeam, RefusesATakenId) {
  Company company;
  EXPECT_THAT(company.admin().Call<directory::CreateTeamRequest>(
                  "parent: '$O' team_id: 'crew' team { display_name: 'Again' }"),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(CreateTeam, NamesAllWrongFieldsAtOnce) {
  Company company;
  EXPECT_THAT(
      WrongFields(company.admin().Call<directory::CreateTeamRequest>(
          "parent: '$O' team_id: 'A' team { parent: '$O/teams/none'"
          " members { person: '$O/people/none' } members { person: 'nonsense' role: 9 }"
          " members { person: '$O/people/ann' } members { person: '$O/people/ann' } }")),
      ElementsAre("team.display_name", "team.members[0].person", "team.members[1].person",
                  "team.members[1].role", "team.members[3].person", "team.parent", "team_id"));
}

TEST(CreateTeam, RefusesMoreThanAThousandMembers) {
  Company company;
  directory::CreateTeamRequest request;
  request.set_parent(company.name());
  request.mutable_team()->set_display_name("Crowd");
  for (int i = 0; i < 1001; ++i) {
    request.mutable_team()->add_members()->set_person(company.name(absl::StrCat("people/p", i)));
  }
  EXPECT_THAT(WrongFields(company.admin().Send(request)), ::testing::Contains("team.members"));
}

TEST(UpdateTeam, LeadsChangeMembersAndDisplayName) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const directory::Team changed,
                       company.lea().Call<directory::UpdateTeamRequest>(
                           "team { name: '$O/teams/crew' display_name: 'Happy crew'"
                           " members { person: '$O/people/lea' role: TEAM_ROLE_LEAD }"
                           " members { person: '$O/people/ben' } }"));
  EXPECT_EQ(changed.display_name(), "Happy crew");
  EXPECT_EQ(changed.members(1).person(), company.name("people/ben"));
}

TEST(UpdateTeam, LeadsDoNotMoveTheirTeam) {
  Company company;
  EXPECT_THAT(company.lea().Call<directory::UpdateTeamRequest>(
                  "team { name: '$O/teams/crew' parent: '$O/teams/spare' }"),
              IsRefused("PERMISSION_DENIED"));
}

TEST(UpdateTeam, MembersAndOtherLeadsChangeNothing) {
  Company company;
  EXPECT_THAT(company.mia().Call<directory::UpdateTeamRequest>(
                  "team { name: '$O/teams/crew' display_name: 'Ours' }"),
              IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(company.lea().Call<directory::UpdateTeamRequest>(
                  "team { name: '$O/teams/spare' display_name: 'Ours' }"),
              IsRefused("PERMISSION_DENIED"));
}

TEST(UpdateTeam, RefusesItselfAsParent) {
  Company company;
  EXPECT_THAT(company.admin().Call<directory::UpdateTeamRequest>(
                  "team { name: '$O/teams/crew' parent: '$O/teams/crew' }"),
              IsRefused("TEAM_CYCLE"));
}

TEST(UpdateTeam, RefusesATeamBelowItAsParent) {
  Company company;
  MakeTeam(company, "one", "parent: '$O/teams/crew'");
  MakeTeam(company, "two", "parent: '$O/teams/one'");
  const std::string before = company.Snapshot();
  const auto refused = company.admin().Call<directory::UpdateTeamRequest>(
      "team { name: '$O/teams/crew' parent: '$O/teams/two' }");
  EXPECT_THAT(refused, IsRefused("TEAM_CYCLE"));
  EXPECT_THAT(DetailsOf(refused.status()).metadata["path"], HasSubstr("teams/two"));
  EXPECT_EQ(company.Snapshot(), before);
}

TEST(UpdateTeam, BecomesARootByTheMask) {
  Company company;
  MakeTeam(company, "one", "parent: '$O/teams/crew'");
  ASSERT_OK_AND_ASSIGN(const auto changed, company.admin().Call<directory::UpdateTeamRequest>(
                                               "team { name: '$O/teams/one' }"
                                               " update_mask { paths: 'parent' }"));
  EXPECT_EQ(changed.parent(), "");
}

// Each of the moves alone is right; all together would close a circle.
TEST(UpdateTeam, ConcurrentMovesNeverCloseACircle) {
  constexpr int kTeams = 4;
  for (int round = 0; round < 5; ++round) {
    Company company;
    for (int i = 0; i < kTeams; ++i) MakeTeam(company, absl::StrCat("t", i));
    std::atomic<int> moved{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kTeams; ++i) {
      threads.emplace_back([&, i] {
        const auto client = company.NewClient("admin");
        const auto answer = client->Call<directory::UpdateTeamRequest>(absl::StrCat(
            "team { name: '$O/teams/t", i, "' parent: '$O/teams/t", (i + 1) % kTeams, "' }"));
        if (answer.ok()) return void(++moved);
        EXPECT_THAT(answer, IsRefused("TEAM_CYCLE"));
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(moved, kTeams - 1);
  }
}

TEST(DeleteTeam, RefusesWhatIsStillUsed) {
  Company company;
  MakeTeam(company, "one", "parent: '$O/teams/spare'");
  const auto parent = company.admin().Call<directory::DeleteTeamRequest>("name: '$O/teams/spare'");
  EXPECT_THAT(parent, IsRefused("RESOURCE_IN_USE"));
  EXPECT_EQ(DetailsOf(parent.status()).metadata["count"], "1");
  company.MakeObjective("a", "owner: '$O/teams/crew'");
  EXPECT_THAT(company.admin().Call<directory::DeleteTeamRequest>("name: '$O/teams/crew'"),
              IsRefused("RESOURCE_IN_USE"));
  company.MakeObjective("b");
  company.MakeKeyResult("b", "k", "owner: '$O/teams/one'");
  EXPECT_THAT(company.admin().Call<directory::DeleteTeamRequest>("name: '$O/teams/one'"),
              IsRefused("RESOURCE_IN_USE"));
}

TEST(DeleteTeam, CanBeDeletedWhenNothingUsesItAnyMore) {
  Company company;
  company.MakeObjective("a", "owner: '$O/teams/crew'");
  ASSERT_OK(company.admin().Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/a'"));
  ASSERT_OK_AND_ASSIGN(const auto deleted,
                       company.admin().Call<directory::DeleteTeamRequest>("name: '$O/teams/crew'"));
  EXPECT_TRUE(deleted.has_delete_time());
}

TEST(DeleteTeam, IsGoneForWhoWritesAfterwards) {
  Company company;
  ASSERT_OK(company.admin().Call<directory::DeleteTeamRequest>("name: '$O/teams/spare'"));
  EXPECT_THAT(company.admin().Call<directory::UpdateTeamRequest>(
                  "team { name: '$O/teams/spare' display_name: 'Back' }"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(company.admin().Call<directory::DeleteTeamRequest>("name: '$O/teams/spare'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(WrongFields(company.admin().Call<goals::CreateObjectiveRequest>(
                  "parent: '$O' objective { title: 'X' owner: '$O/teams/spare'"
                  " cycle: '$O/cycles/now' }")),
              ElementsAre("objective.owner"));
  EXPECT_THAT(WrongFields(company.admin().Call<directory::CreateTeamRequest>(
                  "parent: '$O' team { display_name: 'X' parent: '$O/teams/spare' }")),
              ElementsAre("team.parent"));
}

TEST(DeleteTeam, AllowMissingAnswersAsIfDeleted) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const auto answer, company.admin().Call<directory::DeleteTeamRequest>(
                                              "name: '$O/teams/none' allow_missing: true"));
  EXPECT_EQ(answer.name(), company.name("teams/none"));
  EXPECT_THAT(
      company.ann().Call<directory::DeleteTeamRequest>("name: '$O/teams/none' allow_missing: true"),
      IsRefused("PERMISSION_DENIED"));
}

}  // namespace
}  // namespace okr::contract
