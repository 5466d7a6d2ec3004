#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

auto Create(Client& client, absl::string_view fields) {
  return client.Call<goals::CreateKeyResultRequest>(
      absl::StrCat("parent: '$O/objectives/a' key_result_id: 'k' key_result { ", fields, " }"));
}

auto Update(Client& client, absl::string_view fields, absl::string_view mask = "") {
  return client.Call<goals::UpdateKeyResultRequest>(
      absl::StrCat("key_result { name: '$O/objectives/a/keyResults/k' ", fields,
                   " } update_mask { ", mask, "}"));
}

TEST(CreateKeyResult, MakesAMetric) {
  Company company;
  company.MakeObjective("a");
  ASSERT_OK_AND_ASSIGN(const goals::KeyResult made,
                       Create(company.ann(),
                              "title: 'Faster' metric { baseline: 10 target: 2.5 unit: 'ms' }"
                              " start_date { year: 2030 month: 2 day: 1 } weight: 2"));
  EXPECT_EQ(made.name(), company.name("objectives/a/keyResults/k"));
  EXPECT_EQ(made.state(), goals::KEY_RESULT_STATE_ACTIVE);
  EXPECT_EQ(made.cycle(), company.name("cycles/now"));
  EXPECT_EQ(made.creator(), company.name("people/ann"));
  EXPECT_EQ(made.metric().target(), 2.5);
  EXPECT_EQ(made.metric().unit(), "ms");
  EXPECT_EQ(made.weight(), 2);
  ASSERT_OK_AND_ASSIGN(const auto read, company.vic().Call<goals::GetKeyResultRequest>(
                                            "name: '$O/objectives/a/keyResults/k'"));
  EXPECT_EQ(read.DebugString(), made.DebugString());
}

class RightKinds : public ::testing::TestWithParam<const char*> {};

TEST_P(RightKinds, AreAccepted) {
  Company company;
  company.MakeObjective("a");
  EXPECT_OK(Create(company.ann(), absl::StrCat("title: 'X' ", GetParam())));
}

INSTANTIATE_TEST_SUITE_P(
    Each, RightKinds,
    ::testing::Values("metric { target: 1 }", "metric { baseline: 100 target_change_percent: -25 }",
                      "metric { target_change_percent: 40 }",
                      "metric { baseline: -1e15 target: 1e15 }", "maintain { lower: 0 }",
                      "maintain { upper: 5 }", "maintain { lower: 5 upper: 5 }",
                      "milestones { milestones { id: 'done' title: 'Done' } }",
                      "maintain { upper: 5 } weight: 1e6",
                      "maintain { upper: 5 } start_date { year: 2030 month: 1 day: 1 }"
                      " due_date { year: 2030 month: 12 day: 31 }"));

struct Wrong {
  const char* fields;
  const char* field;
};
class WrongKeyResults : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongKeyResults, AreRefusedAtCreationAndUpdate) {
  Company company;
  company.MakeObjective("a");
  const std::string before = company.Snapshot();
  const std::string field = absl::StrCat("key_result.", GetParam().field);
  EXPECT_THAT(WrongFields(Create(company.ann(), absl::StrCat("title: 'X' ", GetParam().fields))),
              ElementsAre(field));
  EXPECT_EQ(company.Snapshot(), before);
  ASSERT_OK(Create(company.ann(), "title: 'X' maintain { upper: 1 }"));
  const std::string made = company.Snapshot();
  EXPECT_THAT(WrongFields(Update(company.ann(), absl::StrCat("title: 'X' ", GetParam().fields),
                                 "paths: '*'")),
              ElementsAre(field));
  EXPECT_EQ(company.Snapshot(), made);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, WrongKeyResults,
    ::testing::Values(
        Wrong{"metric { baseline: nan target: 1 }", "metric.baseline"},
        Wrong{"metric { target: nan }", "metric.target"},
        Wrong{"metric { target: inf }", "metric.target"},
        Wrong{"metric { target: -inf }", "metric.target"},
        Wrong{"metric { target: 1e16 }", "metric.target"},
        Wrong{"metric { baseline: -1.0000001e15 target: 1 }", "metric.baseline"},
        Wrong{"metric { baseline: 7 target: 7 }", "metric.target"},
        Wrong{"metric { baseline: 0 target: -0.0 }", "metric.target"},
        Wrong{"metric { baseline: 1 }", "metric.target"},
        Wrong{"metric { target_change_percent: 0 }", "metric.target_change_percent"},
        Wrong{"metric { target: 1 target_change_percent: 5 }", "metric.target_change_percent"},
        Wrong{"metric { baseline: 0 target_change_percent: 5 }", "metric.target_change_percent"},
        Wrong{"maintain { lower: 2 upper: 1 }", "maintain.lower"},
        Wrong{"maintain { lower: nan }", "maintain.lower"},
        Wrong{"maintain { unit: 'x' }", "maintain"},
        Wrong{"maintain { upper: 1 } weight: 0", "weight"},
        Wrong{"maintain { upper: 1 } weight: -1", "weight"},
        Wrong{"maintain { upper: 1 } weight: nan", "weight"},
        Wrong{"maintain { upper: 1 } weight: inf", "weight"},
        Wrong{"maintain { upper: 1 } weight: 1000001", "weight"},
        Wrong{"maintain { upper: 1 unit: '123456789012345678901234567890123' }", "maintain.unit"}));

INSTANTIATE_TEST_SUITE_P(
    Milestones, WrongKeyResults,
    ::testing::Values(
        Wrong{"milestones {}", "milestones.milestones"},
        Wrong{"milestones { milestones { id: 'a' title: 'A' } milestones { id: 'a' title: 'B' } }",
              "milestones.milestones[1].id"},
        Wrong{"milestones { milestones { id: 'A!' title: 'A' } }", "milestones.milestones[0].id"},
        Wrong{"milestones { milestones { id: 'a' } }", "milestones.milestones[0].title"},
        Wrong{"milestones { milestones { id: 'a' title: 'A' weight: 0 } }",
              "milestones.milestones[0].weight"}));

INSTANTIATE_TEST_SUITE_P(
    Dates, WrongKeyResults,
    ::testing::Values(
        Wrong{"maintain { upper: 1 } start_date { year: 2029 month: 12 day: 31 }", "start_date"},
        Wrong{"maintain { upper: 1 } due_date { year: 2031 month: 1 day: 1 }", "due_date"},
        Wrong{"maintain { upper: 1 } due_date { year: 2030 month: 2 day: 30 }", "due_date"},
        Wrong{"maintain { upper: 1 } due_date { year: 2030 month: 13 day: 1 }", "due_date"},
        Wrong{"maintain { upper: 1 } due_date { month: 3 day: 1 }", "due_date"},
        Wrong{"maintain { upper: 1 } start_date {}", "start_date"},
        Wrong{"maintain { upper: 1 } start_date { year: 2030 month: 3 day: 1 }"
              " due_date { year: 2030 month: 3 day: 1 }",
              "due_date"},
        Wrong{"maintain { upper: 1 } start_date { year: 2030 month: 3 day: 2 }"
              " due_date { year: 2030 month: 3 day: 1 }",
              "due_date"}));

INSTANTIATE_TEST_SUITE_P(
    Others, WrongKeyResults,
    ::testing::Values(Wrong{"", "kind"},
                      Wrong{"maintain { upper: 1 } commitment: 99", "commitment"},
                      Wrong{"maintain { upper: 1 } owner: '$O/people/none'", "owner"},
                      Wrong{"maintain { upper: 1 } owner: 'x'", "owner"}));

TEST(CreateKeyResult, NamesAllWrongFieldsAtOnce) {
  Company company;
  company.MakeObjective("a");
  EXPECT_THAT(
      WrongFields(company.ann().Call<goals::CreateKeyResultRequest>(
          "parent: '$O/objectives/a' key_result_id: 'K!' key_result { owner: '$O/teams/none'"
          " metric { baseline: nan target: inf unit: 'a\\nb' } weight: -1 commitment: -7"
          " start_date { year: 1 month: 1 day: 1 } due_date { year: 9999 month: 1 day: 1 } }")),
      ElementsAre("key_result.commitment", "key_result.due_date", "key_result.metric.baseline",
                  "key_result.metric.target", "key_result.metric.unit", "key_result.owner",
                  "key_result.start_date", "key_result.title", "key_result.weight",
                  "key_result_id"));
}

TEST(CreateKeyResult, RefusesMoreThanAHundredMilestones) {
  Company company;
  company.MakeObjective("a");
  std::string many;
  for (int i = 0; i <= 100; ++i)
    absl::StrAppend(&many, "milestones { id: 'm", i, "' title: 'M' } ");
  EXPECT_THAT(
      WrongFields(Create(company.ann(), absl::StrCat("title: 'X' milestones {", many, "}"))),
      ElementsAre("key_result.milestones.milestones"));
}

TEST(CreateKeyResult, StoresNoNegativeZero) {
  Company company;
  company.MakeObjective("a");
  ASSERT_OK_AND_ASSIGN(const auto made,
                       Create(company.ann(), "title: 'X' metric { baseline: -0.0 target: 1 }"));
  EXPECT_FALSE(std::signbit(made.metric().baseline()));
}

TEST(CreateKeyResult, RefusesATakenId) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  EXPECT_THAT(Create(company.ann(), "title: 'X' maintain { upper: 1 }"),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(CreateKeyResult, IsForTheOwnerLeadsAndAdministrators) {
  Company company;
  company.MakeObjective("a", "owner: '$O/teams/crew'");
  constexpr char kFields[] = "title: 'X' maintain { upper: 1 }";
  EXPECT_THAT(Create(company.mia(), kFields), IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(Create(company.ann(), kFields), IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(Create(company.vic(), kFields), IsRefused("PERMISSION_DENIED"));
  EXPECT_OK(Create(company.lea(), kFields));
}

TEST(CreateKeyResult, NeedsACycleThatIsNotOver) {
  Company company;
  company.MakeObjective("a");
  company.OpenGrading("now");
  EXPECT_THAT(Create(company.ann(), "title: 'X' maintain { upper: 1 }"), IsRefused("CYCLE_STATE"));
}

TEST(UpdateKeyResult, ChangesOneNumberByItsPath) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  ASSERT_OK_AND_ASSIGN(const auto changed,
                       Update(company.ann(), "metric { target: 50 }", "paths: 'metric.target'"));
  EXPECT_EQ(changed.metric().target(), 50);
  EXPECT_EQ(changed.metric().baseline(), 0);
  EXPECT_EQ(changed.title(), "More");
}

TEST(UpdateKeyResult, ReplacesTheKindWhole) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  ASSERT_OK_AND_ASSIGN(const auto changed, Update(company.ann(), "maintain { upper: 5 }"));
  EXPECT_EQ(changed.maintain().upper(), 5);
  EXPECT_FALSE(changed.has_metric());
}

TEST(UpdateKeyResult, ClearsDatesAndOwnerByTheMask) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k",
                        "owner: '$O/people/ben' due_date { year: 2030 month: 3 day: 31 }");
  ASSERT_OK_AND_ASSIGN(const auto changed,
                       Update(company.ann(), "", "paths: 'owner' paths: 'due_date'"));
  EXPECT_EQ(changed.owner(), "");
  EXPECT_FALSE(changed.has_due_date());
}

TEST(UpdateKeyResult, RefusesPathsThatItDoesNotChange) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  for (const char* path : {"state", "cycle", "nonsense", "metric.nonsense", "retire_reason",
                           "milestones.milestones.title"}) {
    EXPECT_THAT(
        WrongFields(Update(company.ann(), "title: 'X'", absl::StrCat("paths: '", path, "'"))),
        ElementsAre("update_mask"))
        << path;
  }
}

TEST(UpdateKeyResult, IsAlsoForItsOwnOwner) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k", "owner: '$O/people/ben'");
  EXPECT_OK(Update(company.ben(), "title: 'Mine'"));
  EXPECT_OK(Update(company.ann(), "title: 'Ours'"));
  EXPECT_THAT(Update(company.mia(), "title: 'Theirs'"), IsRefused("PERMISSION_DENIED"));
}

TEST(RetireKeyResult, KeepsTheReasonAndChangesNoMore) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  ASSERT_OK_AND_ASSIGN(const auto retired,
                       company.ann().Call<goals::RetireKeyResultRequest>(
                           "name: '$O/objectives/a/keyResults/k' reason: 'Cannot be measured'"));
  EXPECT_EQ(retired.state(), goals::KEY_RESULT_STATE_RETIRED);
  EXPECT_EQ(retired.retire_reason(), "Cannot be measured");
  EXPECT_THAT(Update(company.ann(), "title: 'X'"), IsRefused("KEY_RESULT_STATE"));
  EXPECT_THAT(company.ann().Call<goals::RetireKeyResultRequest>(
                  "name: '$O/objectives/a/keyResults/k' reason: 'Again'"),
              IsRefused("KEY_RESULT_STATE"));
}

TEST(RetireKeyResult, NeedsAReason) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  EXPECT_THAT(WrongFields(company.ann().Call<goals::RetireKeyResultRequest>(
                  "name: '$O/objectives/a/keyResults/k'")),
              ElementsAre("reason"));
  EXPECT_THAT(WrongFields(company.ann().Call<goals::RetireKeyResultRequest>(absl::StrCat(
                  "name: '$O/objectives/a/keyResults/k' reason: '", std::string(2001, 'x'), "'"))),
              ElementsAre("reason"));
}

TEST(DeleteKeyResult, StaysReadableAndIsGoneForListsAndWrites) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k");
  ASSERT_OK_AND_ASSIGN(const auto deleted, company.ann().Call<goals::DeleteKeyResultRequest>(
                                               "name: '$O/objectives/a/keyResults/k'"));
  EXPECT_TRUE(deleted.has_delete_time());
  EXPECT_OK(company.vic().Call<goals::GetKeyResultRequest>("name: '$O/objectives/a/keyResults/k'"));
  EXPECT_EQ(company.ann()
                .Call<goals::ListKeyResultsRequest>("parent: '$O/objectives/a'")
                ->key_results_size(),
            0);
  EXPECT_EQ(company.ann()
                .Call<goals::ListKeyResultsRequest>("parent: '$O/objectives/a' show_deleted: true")
                ->key_results_size(),
            1);
  EXPECT_THAT(Update(company.ann(), "title: 'X'"), IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(
      company.ann().Call<goals::DeleteKeyResultRequest>("name: '$O/objectives/a/keyResults/k'"),
      IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_OK(company.ann().Call<goals::DeleteKeyResultRequest>(
      "name: '$O/objectives/a/keyResults/k' allow_missing: true"));
}

TEST(ListKeyResults, OfOneAndOfAllObjectivesWithFilters) {
  Company company;
  company.MakeCycle("next");
  company.MakeObjective("a");
  company.MakeObjective("b", "cycle: '$O/cycles/next'");
  company.MakeKeyResult("a", "k1");
  company.MakeKeyResult("a", "k2", "owner: '$O/people/ben'");
  company.MakeKeyResult("b", "k3");
  const auto list = [&](absl::string_view request) {
    std::string ids;
    const auto answer = company.vic().Call<goals::ListKeyResultsRequest>(request);
    EXPECT_OK(answer);
    for (const auto& item : answer->key_results()) ids += item.name().back();
    return ids;
  };
  EXPECT_EQ(list("parent: '$O/objectives/a'"), "12");
  EXPECT_EQ(list("parent: '$O/objectives/-'"), "123");
  EXPECT_EQ(list("parent: '$O/objectives/-' cycle: '$O/cycles/next'"), "3");
  EXPECT_EQ(list("parent: '$O/objectives/-' owner: '$O/people/ben'"), "2");
}

TEST(BatchGetKeyResults, AnswersInTheOrderOfTheRequest) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k1");
  company.MakeKeyResult("a", "k2");
  ASSERT_OK_AND_ASSIGN(const auto answer, company.vic().Call<goals::BatchGetKeyResultsRequest>(
                                              "parent: '$O' names: '$O/objectives/a/keyResults/k2'"
                                              " names: '$O/objectives/a/keyResults/k1'"));
  ASSERT_EQ(answer.key_results_size(), 2);
  EXPECT_EQ(answer.key_results(0).name(), company.name("objectives/a/keyResults/k2"));
  EXPECT_THAT(company.vic().Call<goals::BatchGetKeyResultsRequest>(
                  "parent: '$O' names: '$O/objectives/a/keyResults/none'"),
              IsRefused("RESOURCE_NOT_FOUND"));
}

}  // namespace
}  // namespace okr::contract
