// What is private is not there for others, whichever way they look.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::Not;

// ann's objective `secret` with key result `k`, shared with mia; and `open`, which serves it.
class PrivateObjective : public ::testing::Test {
 protected:
  PrivateObjective() {
    company_.MakeObjective("secret",
                           "visibility: VISIBILITY_PRIVATE title: 'Hush'"
                           " shared_with: '$O/people/mia'");
    company_.MakeKeyResult("secret", "k", "title: 'Hush'");
    company_.MakeObjective("open");
    company_.Align("open", "secret");
  }

  Company company_;
};

TEST_F(PrivateObjective, IsThereForTheOwnerThoseItIsSharedWithAndAdministrators) {
  for (Client* client : {&company_.ann(), &company_.mia(), &company_.admin()}) {
    EXPECT_OK(client->Call<goals::GetObjectiveRequest>("name: '$O/objectives/secret'"));
    EXPECT_OK(
        client->Call<goals::GetKeyResultRequest>("name: '$O/objectives/secret/keyResults/k'"));
    EXPECT_EQ(client->Call<goals::ListObjectivesRequest>("parent: '$O'")->objectives_size(), 2);
    EXPECT_EQ(
        client->Call<goals::ListKeyResultsRequest>("parent: '$O/objectives/-'")->key_results_size(),
        1);
    EXPECT_EQ(client->Call<goals::GetAlignmentTreeRequest>("parent: '$O' cycle: '$O/cycles/now'")
                  ->nodes_size(),
              2);
  }
}

TEST_F(PrivateObjective, IsNotFoundByOthers) {
  for (Client* client : {&company_.ben(), &company_.lea(), &company_.vic()}) {
    EXPECT_THAT(client->Call<goals::GetObjectiveRequest>("name: '$O/objectives/secret'"),
                IsRefused("RESOURCE_NOT_FOUND"));
    EXPECT_THAT(
        client->Call<goals::GetKeyResultRequest>("name: '$O/objectives/secret/keyResults/k'"),
        IsRefused("RESOURCE_NOT_FOUND"));
    EXPECT_THAT(client->Call<goals::BatchGetObjectivesRequest>(
                    "parent: '$O' names: '$O/objectives/open' names: '$O/objectives/secret'"),
                IsRefused("RESOURCE_NOT_FOUND"));
    EXPECT_THAT(client->Call<goals::BatchGetKeyResultsRequest>(
                    "parent: '$O' names: '$O/objectives/secret/keyResults/k'"),
                IsRefused("RESOURCE_NOT_FOUND"));
    EXPECT_THAT(client->Call<goals::ListKeyResultsRequest>("parent: '$O/objectives/secret'"),
                IsRefused("RESOURCE_NOT_FOUND"));
    EXPECT_THAT(client->Call<goals::GetAlignmentTreeRequest>(
                    "parent: '$O' cycle: '$O/cycles/now' root: '$O/objectives/secret'"),
                IsRefused("RESOURCE_NOT_FOUND"));
  }
}

TEST_F(PrivateObjective, AnswersAsIfItHadNeverBeen) {
  const auto of = [&](const std::string& id) {
    const absl::Status refused =
        company_.ben()
            .Call<goals::GetObjectiveRequest>(absl::StrCat("name: '$O/objectives/", id, "'"))
            .status();
    return std::string(refused.message());
  };
  EXPECT_EQ(of("secret").size(), of("nobody").size()) << of("secret");
}

TEST_F(PrivateObjective, IsNeitherInListsNorInTheTree) {
  const auto objectives =
      company_.ben().Call<goals::ListObjectivesRequest>("parent: '$O' show_deleted: true");
  EXPECT_EQ(objectives->objectives_size(), 1);
  EXPECT_EQ(company_.ben()
                .Call<goals::ListKeyResultsRequest>("parent: '$O/objectives/-'")
                ->key_results_size(),
            0);
  EXPECT_EQ(company_.ben()
                .Call<goals::ListObjectivesRequest>("parent: '$O' owner: '$O/people/ann'")
                ->objectives_size(),
            1);
  const auto tree = company_.ben().Call<goals::GetAlignmentTreeRequest>(
      "parent: '$O' cycle: '$O/cycles/now' include_key_results: true");
  ASSERT_OK(tree);
  ASSERT_EQ(tree->nodes_size(), 1);
  EXPECT_EQ(tree->nodes(0).objective().name(), company_.name("objectives/open"));
  EXPECT_FALSE(absl::StrContains(tree->DebugString(), "Hush"));
}

TEST_F(PrivateObjective, CannotBeNamedByOthers) {
  company_.MakeObjective("mine", "owner: '$O/people/ben'");
  EXPECT_THAT(WrongFields(company_.ben().Call<goals::AlignObjectiveRequest>(
                  "name: '$O/objectives/mine' alignment { parent: '$O/objectives/secret' }")),
              ::testing::ElementsAre("alignment.parent"));
  EXPECT_THAT(WrongFields(company_.ben().Call<goals::RetireObjectiveRequest>(
                  "name: '$O/objectives/mine' reason: 'X' superseded_by: '$O/objectives/secret'")),
              ::testing::ElementsAre("superseded_by"));
  EXPECT_THAT(WrongFields(company_.ben().Call<goals::CreateObjectiveRequest>(
                  "parent: '$O' objective { title: 'X' owner: '$O/people/ben'"
                  " cycle: '$O/cycles/now' alignments { parent: '$O/objectives/secret' } }")),
              ::testing::ElementsAre("objective.alignments[0].parent"));
}

TEST_F(PrivateObjective, CannotBeChangedByOthersWhoAreToldNothing) {
  const std::string before = company_.Snapshot();
  Client& ben = company_.ben();
  EXPECT_THAT(ben.Call<goals::UpdateObjectiveRequest>(
                  "objective { name: '$O/objectives/secret' title: 'X' }"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ben.Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/secret'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ben.Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/secret'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ben.Call<goals::RetireObjectiveRequest>("name: '$O/objectives/secret' reason: 'X'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ben.Call<goals::CreateKeyResultRequest>(
                  "parent: '$O/objectives/secret' key_result { title: 'X' metric { target: 1 } }"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ben.Call<goals::UpdateKeyResultRequest>(
                  "key_result { name: '$O/objectives/secret/keyResults/k' title: 'X' }"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ben.Call<goals::DeleteKeyResultRequest>("name: '$O/objectives/secret/keyResults/k'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(company_.Snapshot(), before);
}

TEST_F(PrivateObjective, ReadersDoNotChangeIt) {
  EXPECT_THAT(company_.mia().Call<goals::UpdateObjectiveRequest>(
                  "objective { name: '$O/objectives/secret' title: 'X' }"),
              IsRefused("PERMISSION_DENIED"));
}

TEST_F(PrivateObjective, AppearsWhenItIsOpened) {
  ASSERT_OK(company_.ann().Call<goals::UpdateObjectiveRequest>(
      "objective { name: '$O/objectives/secret' visibility: VISIBILITY_ORGANIZATION }"));
  EXPECT_OK(company_.ben().Call<goals::GetObjectiveRequest>("name: '$O/objectives/secret'"));
}

TEST_F(PrivateObjective, DisappearsForWhomItIsSharedWithNoMore) {
  ASSERT_OK(company_.ann().Call<goals::UpdateObjectiveRequest>(
      "objective { name: '$O/objectives/secret' } update_mask { paths: 'shared_with' }"));
  EXPECT_THAT(company_.mia().Call<goals::GetObjectiveRequest>("name: '$O/objectives/secret'"),
              IsRefused("RESOURCE_NOT_FOUND"));
}

// Events are for services where they are private: also the owner reads the resource instead.
TEST_F(PrivateObjective, IsInNobodysEvents) {
  for (Client* client : {&company_.ben(), &company_.vic(), &company_.ann(), &company_.admin()}) {
    const auto list =
        client->Call<events::ListEventsRequest>("filter { organization: '$O' } page_size: 1000");
    ASSERT_OK(list);
    EXPECT_GT(list->events_size(), 0);
    for (const events::Event& event : list->events()) {
      EXPECT_FALSE(absl::StrContains(event.subject(), "objectives/secret")) << event.type();
      EXPECT_FALSE(absl::StrContains(event.data().value(), "Hush")) << event.type();
      EXPECT_FALSE(event.private_()) << event.type();
    }
  }
}

TEST_F(PrivateObjective, IsInTheEventsThatServicesRead) {
  testing::Suite& suite = GoalsSuite();
  Client service(suite, company_.name(),
                 suite.Token({.organization = "*", .subject = "s", .role = auth::Role::kService}));
  const auto list = service.Call<events::ListEventsRequest>(
      "filter { organization: '$O' subject_prefix: '$O/objectives/secret' }");
  ASSERT_OK(list);
  ASSERT_EQ(list->events_size(), 2);
  for (const events::Event& event : list->events()) EXPECT_TRUE(event.private_());
}

TEST_F(PrivateObjective, HidesItselfInThePathOfACircle) {
  company_.MakeObjective("mine", "owner: '$O/people/ben'");
  company_.Align("secret", "mine");
  const auto refused = company_.ben().Call<goals::AlignObjectiveRequest>(
      "name: '$O/objectives/mine' alignment { parent: '$O/objectives/open' }");
  EXPECT_THAT(refused, IsRefused("ALIGNMENT_CYCLE"));
  EXPECT_FALSE(absl::StrContains(refused.status().ToString(), "objectives/secret"));
  EXPECT_FALSE(
      absl::StrContains(DetailsOf(refused.status()).metadata["path"], "objectives/secret"));
}

}  // namespace
}  // namespace okr::contract
