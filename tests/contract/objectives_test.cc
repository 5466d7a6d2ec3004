#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

constexpr char kValid[] = "title: 'Delight' owner: '$O/people/ann' cycle: '$O/cycles/now' ";

auto Create(Client& client, absl::string_view fields) {
  return client.Call<goals::CreateObjectiveRequest>(
      absl::StrCat("parent: '$O' objective { ", fields, " }"));
}

auto Update(Client& client, absl::string_view fields, absl::string_view mask = "") {
  return client.Call<goals::UpdateObjectiveRequest>(
      absl::StrCat("objective { name: '$O/objectives/a' ", fields, " } update_mask { ", mask, "}"));
}

auto Get(Client& client, absl::string_view id) {
  return client.Call<goals::GetObjectiveRequest>(absl::StrCat("name: '$O/objectives/", id, "'"));
}

TEST(CreateObjective, MakesADraftWithDefaults) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const goals::Objective made,
                       company.ann().Call<goals::CreateObjectiveRequest>(
                           absl::StrCat("parent: '$O' objective_id: 'a' objective { ", kValid,
                                        " description: 'Line\\n\\tmore' why: 'Now' }")));
  EXPECT_EQ(made.name(), company.name("objectives/a"));
  EXPECT_EQ(made.state(), goals::OBJECTIVE_STATE_DRAFT);
  EXPECT_EQ(made.commitment(), goals::COMMITMENT_ASPIRATIONAL);
  EXPECT_EQ(made.visibility(), goals::VISIBILITY_ORGANIZATION);
  EXPECT_EQ(made.creator(), company.name("people/ann"));
  EXPECT_TRUE(made.has_create_time());
  EXPECT_FALSE(made.has_delete_time());
  EXPECT_FALSE(made.etag().empty());
  ASSERT_OK_AND_ASSIGN(const auto read, Get(company.vic(), "a"));
  EXPECT_EQ(read.DebugString(), made.DebugString());
}

TEST(CreateObjective, MeAsOwnerIsTheCaller) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const auto made, Create(company.ann(),
                                               "title: 'X' owner: '$O/people/me'"
                                               " cycle: '$O/cycles/now'"));
  EXPECT_EQ(made.owner(), company.name("people/ann"));
}

TEST(CreateObjective, MakesAnIdIfNoneIsChosen) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const auto one, Create(company.ann(), kValid));
  ASSERT_OK_AND_ASSIGN(const auto two, Create(company.ann(), kValid));
  EXPECT_NE(one.name(), two.name());
  EXPECT_LT(one.name(), two.name()) << "UUIDv7 follow time";
}

TEST(CreateObjective, IgnoresOutputOnlyFields) {
  Company company;
  ASSERT_OK_AND_ASSIGN(
      const auto made,
      Create(company.ann(), absl::StrCat(kValid,
                                         "state: OBJECTIVE_STATE_CLOSED creator: 'x'"
                                         " retire_reason: 'x' name: 'x' etag: 'x'"
                                         " score_summary { progress: 1 score: 1 }"
                                         " delete_time { seconds: 1 }")));
  EXPECT_EQ(made.state(), goals::OBJECTIVE_STATE_DRAFT);
  EXPECT_EQ(made.creator(), company.name("people/ann"));
  EXPECT_EQ(made.retire_reason(), "");
  EXPECT_FALSE(made.has_score_summary());
  EXPECT_FALSE(made.has_delete_time());
}

TEST(CreateObjective, RefusesATakenIdAlsoOfADeletedOne) {
  Company company;
  company.MakeObjective("a");
  const std::string again = absl::StrCat("parent: '$O' objective_id: 'a' objective {", kValid, "}");
  EXPECT_THAT(company.ann().Call<goals::CreateObjectiveRequest>(again),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
  ASSERT_OK(company.ann().Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/a'"));
  EXPECT_THAT(company.ann().Call<goals::CreateObjectiveRequest>(again),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(CreateObjective, IsForTheOwnerLeadsAndAdministrators) {
  Company company;
  constexpr char kOfCrew[] = "title: 'X' owner: '$O/teams/crew' cycle: '$O/cycles/now'";
  EXPECT_THAT(Create(company.ben(), kValid), IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(Create(company.vic(), kValid), IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(Create(company.mia(), kOfCrew), IsRefused("PERMISSION_DENIED"));
  EXPECT_OK(Create(company.lea(), kOfCrew));
  EXPECT_OK(Create(company.admin(), kOfCrew));
  EXPECT_OK(Create(company.admin(), kValid));
}

TEST(CreateObjective, NeedsACycleThatIsNotOver) {
  Company company;
  company.MakeCycle("q");
  constexpr char kInQ[] = "title: 'X' owner: '$O/people/ann' cycle: '$O/cycles/q'";
  EXPECT_OK(Create(company.ann(), kInQ));
  company.ActivateCycle("q");
  EXPECT_OK(Create(company.ann(), kInQ));
  company.OpenGrading("q");
  EXPECT_THAT(Create(company.ann(), kInQ), IsRefused("CYCLE_STATE"));
  company.CloseCycle("q");
  const auto refused = Create(company.ann(), kInQ);
  EXPECT_THAT(refused, IsRefused("CYCLE_STATE"));
  EXPECT_EQ(DetailsOf(refused.status()).metadata["state"], "CLOSED");
}

TEST(CreateObjective, NamesAllWrongFieldsAtOnce) {
  Company company;
  const std::string before = company.Snapshot();
  auto request = company.ann().Parse<goals::CreateObjectiveRequest>(
      "parent: '$O' objective_id: 'Not An Id' objective { owner: '$O/people/none'"
      " cycle: '$O/cycles/none' commitment: 99 visibility: 99 roll_up: 99"
      " shared_with: '$O/people/none' shared_with: 'nonsense'"
      " alignments { parent: '$O/objectives/none' }"
      " alignments { parent: '$O/objectives/x' weight: 0 } }");
  request.mutable_objective()->set_description(std::string(10'001, 'x'));
  request.mutable_objective()->set_why(std::string(2'001, 'x'));
  EXPECT_THAT(
      WrongFields(company.ann().Send(request)),
      ElementsAre("objective.alignments[0].parent", "objective.alignments[1].parent",
                  "objective.alignments[1].weight", "objective.commitment", "objective.cycle",
                  "objective.description", "objective.owner", "objective.roll_up",
                  "objective.shared_with[0]", "objective.shared_with[1]", "objective.title",
                  "objective.visibility", "objective.why", "objective_id"));
  EXPECT_EQ(company.Snapshot(), before);
}

TEST(CreateObjective, CountsCharactersNotBytes) {
  Company company;
  std::string title;
  for (int i = 0; i < 200; ++i) title += "ß";
  EXPECT_OK(Create(company.ann(), absl::StrCat("owner: '$O/people/ann' cycle: '$O/cycles/now'"
                                               " title: '",
                                               title, "'")));
  EXPECT_THAT(
      WrongFields(Create(company.ann(), absl::StrCat("owner: '$O/people/ann' cycle: '$O/cycles/now'"
                                                     " title: '",
                                                     title, "x'"))),
      ElementsAre("objective.title"));
}

TEST(CreateObjective, ATeamsObjectiveIsNotPrivate) {
  Company company;
  EXPECT_THAT(WrongFields(Create(company.admin(),
                                 "title: 'X' owner: '$O/teams/crew' cycle: '$O/cycles/now'"
                                 " visibility: VISIBILITY_PRIVATE")),
              ElementsAre("objective.visibility"));
}

TEST(CreateObjective, RefusesADeactivatedOwner) {
  Company company;
  ASSERT_OK(company.admin().Call<directory::UpdatePersonRequest>(
      "person { name: '$O/people/ben' state: PERSON_STATE_DEACTIVATED }"));
  EXPECT_THAT(WrongFields(Create(company.admin(),
                                 "title: 'X' owner: '$O/people/ben' cycle: '$O/cycles/now'")),
              ElementsAre("objective.owner"));
}

TEST(UpdateObjective, TakesWhatIsSetWithoutAMask) {
  Company company;
  company.MakeObjective("a", "why: 'Because'");
  ASSERT_OK_AND_ASSIGN(const auto changed, Update(company.ann(),
                                                  "title: 'Better' commitment: COMMITMENT_COMMITTED"
                                                  " shared_with: '$O/people/ben'"));
  EXPECT_EQ(changed.title(), "Better");
  EXPECT_EQ(changed.why(), "Because");
  EXPECT_EQ(changed.commitment(), goals::COMMITMENT_COMMITTED);
  EXPECT_THAT(changed.shared_with(), ElementsAre(company.name("people/ben")));
}

TEST(UpdateObjective, StarClearsWhatIsNotSet) {
  Company company;
  company.MakeObjective("a", "why: 'Because' shared_with: '$O/people/ben'");
  ASSERT_OK_AND_ASSIGN(const auto changed, Update(company.ann(),
                                                  "title: 'Bare' owner: '$O/people/ann'"
                                                  " cycle: '$O/cycles/now'",
                                                  "paths: '*'"));
  EXPECT_EQ(changed.why(), "");
  EXPECT_EQ(changed.shared_with_size(), 0);
  EXPECT_EQ(changed.commitment(), goals::COMMITMENT_ASPIRATIONAL);
}

TEST(UpdateObjective, RefusesPathsThatItDoesNotChange) {
  Company company;
  company.MakeObjective("a");
  for (const char* path : {"nonsense", "state", "creator", "score_summary.score", "delete_time",
                           "shared_with.x", "title.x"}) {
    EXPECT_THAT(
        WrongFields(Update(company.ann(), "title: 'X'", absl::StrCat("paths: '", path, "'"))),
        ElementsAre("update_mask"))
        << path;
  }
  EXPECT_EQ(Get(company.ann(), "a")->title(), "Delight");
}

TEST(UpdateObjective, NeverMovesItToAnotherCycleOrAlignsIt) {
  Company company;
  company.MakeObjective("a");
  company.MakeObjective("b");
  company.MakeCycle("next");
  EXPECT_THAT(WrongFields(Update(company.ann(), "cycle: '$O/cycles/next'", "paths: 'cycle'")),
              Contains("objective.cycle"));
  EXPECT_THAT(WrongFields(Update(company.ann(), "alignments { parent: '$O/objectives/b' }",
                                 "paths: 'alignments'")),
              Contains("objective.alignments"));
}

TEST(UpdateObjective, IsForTheOwnerLeadsAndAdministrators) {
  Company company;
  company.MakeObjective("a", "owner: '$O/teams/crew'");
  EXPECT_THAT(Update(company.mia(), "title: 'X'"), IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(Update(company.ann(), "title: 'X'"), IsRefused("PERMISSION_DENIED"));
  EXPECT_OK(Update(company.lea(), "title: 'X'"));
  EXPECT_OK(Update(company.admin(), "title: 'Y'"));
}

TEST(UpdateObjective, GivesItToAnotherOwnerWhoThenHasIt) {
  Company company;
  company.MakeObjective("a");
  ASSERT_OK(Update(company.ann(), "owner: '$O/people/ben'"));
  EXPECT_THAT(Update(company.ann(), "title: 'Mine'"), IsRefused("PERMISSION_DENIED"));
  EXPECT_OK(Update(company.ben(), "title: 'Mine'"));
}

TEST(UpdateObjective, ANewEtagRefusesTheOldOne) {
  Company company;
  const goals::Objective made = company.MakeObjective("a");
  ASSERT_OK_AND_ASSIGN(
      const auto changed,
      Update(company.ann(), absl::StrCat("title: 'One' etag: '", made.etag(), "'")));
  EXPECT_NE(changed.etag(), made.etag());
  EXPECT_THAT(Update(company.ann(), absl::StrCat("title: 'Two' etag: '", made.etag(), "'")),
              IsRefused("ETAG_MISMATCH"));
  EXPECT_EQ(Get(company.ann(), "a")->title(), "One");
}

TEST(ActivateObjective, NeedsAKeyResult) {
  Company company;
  company.MakeObjective("a");
  EXPECT_THAT(company.ann().Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/a'"),
              IsRefused("OBJECTIVE_STATE"));
  company.MakeKeyResult("a", "gone");
  ASSERT_OK(
      company.ann().Call<goals::DeleteKeyResultRequest>("name: '$O/objectives/a/keyResults/gone'"));
  EXPECT_THAT(company.ann().Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/a'"),
              IsRefused("OBJECTIVE_STATE"));
  company.MakeKeyResult("a", "k");
  ASSERT_OK_AND_ASSIGN(const auto active, company.ann().Call<goals::ActivateObjectiveRequest>(
                                              "name: '$O/objectives/a'"));
  EXPECT_EQ(active.state(), goals::OBJECTIVE_STATE_ACTIVE);
  EXPECT_THAT(company.ann().Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/a'"),
              IsRefused("OBJECTIVE_STATE"));
}

TEST(RetireObjective, KeepsTheReasonAndTheSuccessor) {
  Company company;
  company.MakeObjective("a");
  company.MakeObjective("b");
  ASSERT_OK_AND_ASSIGN(
      const auto retired,
      company.ann().Call<goals::RetireObjectiveRequest>(
          "name: '$O/objectives/a' reason: 'Too early' superseded_by: '$O/objectives/b'"));
  EXPECT_EQ(retired.state(), goals::OBJECTIVE_STATE_RETIRED);
  EXPECT_EQ(retired.retire_reason(), "Too early");
  EXPECT_EQ(retired.superseded_by(), company.name("objectives/b"));
}

TEST(RetireObjective, NamesAllWrongFieldsAtOnce) {
  Company company;
  company.MakeObjective("a");
  EXPECT_THAT(WrongFields(company.ann().Call<goals::RetireObjectiveRequest>(
                  "name: '$O/objectives/a' superseded_by: '$O/objectives/none'")),
              ElementsAre("reason", "superseded_by"));
  EXPECT_THAT(WrongFields(company.ann().Call<goals::RetireObjectiveRequest>(
                  "name: '$O/objectives/a' reason: ' \\n ' superseded_by: '$O/objectives/a'")),
              ElementsAre("reason", "superseded_by"));
}

// What is over changes no more, whichever way it is tried.
TEST(RetiredObjective, ChangesNoMore) {
  Company company;
  company.MakeObjective("a");
  company.MakeObjective("b");
  company.MakeKeyResult("a", "k");
  ASSERT_OK(
      company.ann().Call<goals::RetireObjectiveRequest>("name: '$O/objectives/a' reason: 'No'"));
  const std::string before = company.Snapshot();
  EXPECT_THAT(Update(company.ann(), "title: 'X'"), IsRefused("OBJECTIVE_STATE"));
  EXPECT_THAT(company.ann().Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/a'"),
              IsRefused("OBJECTIVE_STATE"));
  EXPECT_THAT(
      company.ann().Call<goals::RetireObjectiveRequest>("name: '$O/objectives/a' reason: 'Again'"),
      IsRefused("OBJECTIVE_STATE"));
  EXPECT_THAT(company.ann().Call<goals::AlignObjectiveRequest>(
                  "name: '$O/objectives/a' alignment { parent: '$O/objectives/b' }"),
              IsRefused("OBJECTIVE_STATE"));
  EXPECT_THAT(company.ann().Call<goals::AlignObjectiveRequest>(
                  "name: '$O/objectives/b' alignment { parent: '$O/objectives/a' }"),
              IsRefused("OBJECTIVE_STATE"));
  EXPECT_THAT(company.ann().Call<goals::CreateKeyResultRequest>(
                  "parent: '$O/objectives/a' key_result { title: 'X' metric { target: 1 } }"),
              IsRefused("OBJECTIVE_STATE"));
  EXPECT_THAT(company.ann().Call<goals::UpdateKeyResultRequest>(
                  "key_result { name: '$O/objectives/a/keyResults/k' title: 'X' }"),
              IsRefused("OBJECTIVE_STATE"));
  EXPECT_EQ(company.Snapshot(), before);
}

TEST(DeleteObjective, TakesItsKeyResultsAndStaysReadable) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  ASSERT_OK_AND_ASSIGN(const auto deleted, company.ann().Call<goals::DeleteObjectiveRequest>(
                                               "name: '$O/objectives/a'"));
  EXPECT_TRUE(deleted.has_delete_time());
  ASSERT_OK_AND_ASSIGN(const auto read, Get(company.vic(), "a"));
  EXPECT_EQ(read.DebugString(), deleted.DebugString());
  ASSERT_OK_AND_ASSIGN(const auto key_result, company.ann().Call<goals::GetKeyResultRequest>(
                                                  "name: '$O/objectives/a/keyResults/k'"));
  EXPECT_TRUE(key_result.has_delete_time());
}

TEST(DeleteObjective, IsGoneForListsAndWrites) {
  Company company;
  company.MakeObjective("a");
  ASSERT_OK(company.ann().Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/a'"));
  EXPECT_EQ(company.ann().Call<goals::ListObjectivesRequest>("parent: '$O'")->objectives_size(), 0);
  EXPECT_EQ(company.ann()
                .Call<goals::ListObjectivesRequest>("parent: '$O' show_deleted: true")
                ->objectives_size(),
            1);
  EXPECT_THAT(Update(company.ann(), "title: 'X'"), IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(company.ann().Call<goals::CreateKeyResultRequest>(
                  "parent: '$O/objectives/a' key_result { title: 'X' metric { target: 1 } }"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(company.ann().Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/a'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_OK(company.ann().Call<goals::DeleteObjectiveRequest>(
      "name: '$O/objectives/a' allow_missing: true"));
  EXPECT_OK(company.ann().Call<goals::DeleteObjectiveRequest>(
      "name: '$O/objectives/never' allow_missing: true"));
}

TEST(DeleteObjective, IsRefusedWhenItsCycleIsOver) {
  Company company;
  company.MakeObjective("a");
  company.OpenGrading("now");
  EXPECT_THAT(company.ann().Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/a'"),
              IsRefused("CYCLE_STATE"));
}

TEST(BatchGetObjectives, AnswersInTheOrderOfTheRequest) {
  Company company;
  for (const char* id : {"a", "b", "c"}) company.MakeObjective(id);
  ASSERT_OK_AND_ASSIGN(const auto answer,
                       company.vic().Call<goals::BatchGetObjectivesRequest>(
                           "parent: '$O' names: '$O/objectives/c' names: '$O/objectives/a'"
                           " names: '$O/objectives/c'"));
  ASSERT_EQ(answer.objectives_size(), 3);
  EXPECT_EQ(answer.objectives(0).name(), company.name("objectives/c"));
  EXPECT_EQ(answer.objectives(1).name(), company.name("objectives/a"));
  EXPECT_EQ(answer.objectives(2).name(), company.name("objectives/c"));
}

TEST(BatchGetObjectives, FailsIfOneIsNotThere) {
  Company company;
  company.MakeObjective("a");
  const auto refused = company.ann().Call<goals::BatchGetObjectivesRequest>(
      "parent: '$O' names: '$O/objectives/a' names: '$O/objectives/none'");
  EXPECT_THAT(refused, IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(refused.status()).metadata["name"], company.name("objectives/none"));
}

TEST(BatchGetObjectives, NamesTheWrongNames) {
  Company company;
  EXPECT_THAT(WrongFields(company.ann().Call<goals::BatchGetObjectivesRequest>(
                  "parent: '$O' names: 'x' names: '$O/objectives/a' names: '$O/people/ann'")),
              ElementsAre("names[0]", "names[2]"));
  goals::BatchGetObjectivesRequest many;
  many.set_parent(company.name());
  for (int i = 0; i < 1001; ++i) many.add_names(company.name("objectives/a"));
  EXPECT_THAT(WrongFields(company.ann().Send(many)), ElementsAre("names"));
}

TEST(ListObjectives, Filters) {
  Company company;
  company.MakeCycle("next");
  company.MakeObjective("a");
  company.MakeObjective("b", "owner: '$O/teams/crew'");
  company.MakeObjective("c", "cycle: '$O/cycles/next'");
  company.MakeKeyResult("a", "k");
  ASSERT_OK(company.ann().Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/a'"));
  const auto list = [&](absl::string_view filter) {
    std::string ids;
    const auto answer =
        company.ann().Call<goals::ListObjectivesRequest>(absl::StrCat("parent: '$O' ", filter));
    EXPECT_OK(answer);
    for (const auto& item : answer->objectives()) ids += item.name().back();
    return ids;
  };
  EXPECT_EQ(list(""), "abc");
  EXPECT_EQ(list("cycle: '$O/cycles/now'"), "ab");
  EXPECT_EQ(list("owner: '$O/teams/crew'"), "b");
  EXPECT_EQ(list("owner: '$O/people/me'"), "ac");
  EXPECT_EQ(list("state: OBJECTIVE_STATE_ACTIVE"), "a");
  EXPECT_EQ(list("state: OBJECTIVE_STATE_DRAFT owner: '$O/people/ann'"), "c");
  EXPECT_EQ(list("cycle: '$O/cycles/none'"), "");
}

TEST(ListObjectives, NamesAllWrongFieldsAtOnce) {
  Company company;
  EXPECT_THAT(WrongFields(company.ann().Call<goals::ListObjectivesRequest>(
                  "parent: '$O/people/ann' cycle: 'x' owner: 'x' state: 99 page_size: -1"
                  " page_token: 'x'")),
              ElementsAre("cycle", "owner", "page_size", "page_token", "parent", "state"));
}

}  // namespace
}  // namespace okr::contract
