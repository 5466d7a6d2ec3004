// GetCheckIn, ListCheckIns, ListDueCheckIns and BatchCreateCheckIns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/rpc/grpc_status.h"
#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::checkins::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr absl::Duration kDay = absl::Hours(24);

std::vector<std::string> Names(const v1::ListCheckInsResponse& page) {
  std::vector<std::string> names;
  for (const v1::CheckIn& check_in : page.check_ins()) names.push_back(check_in.name());
  return names;
}

class ReadCheckIns : public ::testing::Test {
 protected:
  void SetUp() override { company_.MakeObjective("o", "", {{"kr"}, {"two"}}); }

  std::string Made(absl::string_view fields, const std::string& key_result = "kr",
                   const std::string& objective = "o") {
    const auto made = company_.CheckInWith("admin", objective, fields, key_result);
    EXPECT_OK(made);
    return made.ok() ? made->name() : "";
  }
  absl::StatusOr<v1::CheckIn> Get(const std::string& person, const std::string& name) {
    v1::GetCheckInRequest request;
    request.set_name(name);
    return Send(company_.as(person), request);
  }
  absl::StatusOr<v1::ListCheckInsResponse> List(absl::string_view text,
                                                const std::string& person = "zoe") {
    return company_.Call<v1::ListCheckInsRequest>(person, text);
  }
  absl::StatusOr<v1::ListDueCheckInsResponse> Due(absl::string_view text,
                                                  const std::string& person = "zoe") {
    return company_.Call<v1::ListDueCheckInsRequest>(person, text);
  }
  // "due_before" in so many days, as text.
  static std::string Within(int days) {
    return absl::StrCat(" due_before { seconds: ", absl::ToUnixSeconds(absl::Now() + days * kDay),
                        " }");
  }
  // Waits until those are due, in this order; what changes in goals moves due dates a moment later.
  v1::ListDueCheckInsResponse AwaitDue(const std::vector<std::string>& key_results,
                                       const std::string& text, const std::string& person = "zoe") {
    return Eventually([&] { return Due(text, person); },
                      [&](const auto& answer) { return DueNames(answer) == key_results; });
  }
  static std::vector<std::string> DueNames(const v1::ListDueCheckInsResponse& answer) {
    std::vector<std::string> names;
    for (const v1::DueCheckIn& due : answer.due_check_ins()) names.push_back(due.key_result());
    return names;
  }
  std::string Of(const std::string& objective, const std::string& key_result = "kr") const {
    return company_.KeyResultOf(objective, key_result);
  }

  Company company_;
};

TEST_F(ReadCheckIns, AnybodyOfTheOrganizationMayGetOne) {
  const std::string name = Made("value: 1");
  for (const char* person : {"ben", "zoe", "vic", "admin"}) EXPECT_OK(Get(person, name)) << person;
  Company other;
  v1::GetCheckInRequest request;
  request.set_name(name);
  EXPECT_THAT(Send(other.as("admin"), request), IsRefused("WRONG_ORGANIZATION"));
}

TEST_F(ReadCheckIns, GetRefusesUnknownAndWrongNames) {
  const std::string unknown = company_.KeyResultOf("o") + "/checkIns/none";
  const auto missing = Get("ben", unknown);
  EXPECT_THAT(missing, IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(missing.status()).metadata.at("name"), unknown);
  EXPECT_THAT(WrongFields(Get("ben", company_.KeyResultOf("o"))), ElementsAre("name"));
  EXPECT_THAT(WrongFields(Get("ben", "")), ElementsAre("name"));
}

TEST_F(ReadCheckIns, PrivateOnesAreForThoseWhoSeeTheObjective) {
  company_.MakeObjective("secret",
                         "owner: '$O/people/zoe' visibility: VISIBILITY_PRIVATE"
                         " shared_with: '$O/people/ben'");
  const std::string name = Made("value: 1", "kr", "secret");
  constexpr char kOfKeyResult[] = "parent: '$O/objectives/secret/keyResults/kr'";
  constexpr char kOfObjective[] = "parent: '$O/objectives/secret/keyResults/-'";
  for (const char* person : {"zoe", "ben", "admin"}) {
    EXPECT_OK(Get(person, name)) << person;
    EXPECT_OK(List(kOfKeyResult, person)) << person;
    EXPECT_OK(List(kOfObjective, person)) << person;
  }
  for (const char* person : {"ann", "vic"}) {
    EXPECT_THAT(Get(person, name), IsRefused("RESOURCE_NOT_FOUND")) << person;
    EXPECT_THAT(List(kOfKeyResult, person), IsRefused("RESOURCE_NOT_FOUND")) << person;
    EXPECT_THAT(List(kOfObjective, person), IsRefused("RESOURCE_NOT_FOUND")) << person;
  }
}

TEST_F(ReadCheckIns, ListsTheLatestEffectiveTimeFirst) {
  const std::string middle = Made(absl::StrCat("value: 1 ", Ago(2 * kDay)));
  const std::string oldest = Made(absl::StrCat("value: 2 ", Ago(3 * kDay)));
  const std::string newest = Made("value: 3");
  const std::string other = Made(absl::StrCat("value: 4 ", Ago(kDay)), "two");
  const auto one = List("parent: '$O/objectives/o/keyResults/kr'");
  ASSERT_OK(one);
  EXPECT_THAT(Names(*one), ElementsAre(newest, middle, oldest));
  EXPECT_EQ(one->next_page_token(), "");
  const auto all = List("parent: '$O/objectives/o/keyResults/-'");
  ASSERT_OK(all);
  EXPECT_THAT(Names(*all), ElementsAre(newest, other, middle, oldest));
}

TEST_F(ReadCheckIns, ListsPageAfterPage) {
  std::vector<std::string> made;
  const std::string same_time = Ago(kDay);  // Pages may end between equals.
  for (int i = 0; i < 7; ++i) made.push_back(Made(absl::StrCat("value: ", i, " ", same_time)));
  for (const char* parent : {"kr", "-"}) {
    auto request = company_.Parse<v1::ListCheckInsRequest>(
        absl::StrCat("parent: '$O/objectives/o/keyResults/", parent, "' page_size: 3"));
    std::vector<std::string> all;
    int pages = 0;
    do {
      const auto page = Send(company_.as("zoe"), request);
      ASSERT_OK(page);
      EXPECT_LE(page->check_ins_size(), 3);
      for (const std::string& name : Names(*page)) all.push_back(name);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty() && ++pages < 10);
    EXPECT_THAT(all, ::testing::UnorderedElementsAreArray(made)) << parent;
  }
}

TEST_F(ReadCheckIns, ListRefusesWrongPagesAndParents) {
  for (int i = 0; i < 2; ++i) Made("value: 1");
  const auto page = List("parent: '$O/objectives/o/keyResults/kr' page_size: 1");
  ASSERT_OK(page);
  const std::string token = page->next_page_token();
  EXPECT_THAT(WrongFields(List("parent: 'wrong' page_size: -1 page_token: 'forged'")),
              ElementsAre("page_size", "page_token", "parent"));
  // A token of another list.
  EXPECT_THAT(WrongFields(List(absl::StrCat(
                  "parent: '$O/objectives/o/keyResults/two' page_token: '", token, "'"))),
              ElementsAre("page_token"));
  EXPECT_THAT(List("parent: '$O/objectives/o/keyResults/none'"), IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(List("parent: '$O/objectives/none/keyResults/-'"), IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(WrongFields(List("parent: '$O/objectives/-/keyResults/-'")), ElementsAre("parent"));
  Company other;
  EXPECT_THAT(Send(other.as("ben"), company_.Parse<v1::ListCheckInsRequest>(
                                        "parent: '$O/objectives/o/keyResults/kr'")),
              IsRefused("WRONG_ORGANIZATION"));
}

TEST_F(ReadCheckIns, DueAreTheKeyResultsThatTakeCheckIns) {
  company_.DraftObjective("draft");
  const auto due = AwaitDue({Of("o"), Of("o", "two")}, "parent: '$O'" + Within(14));
  ASSERT_EQ(due.due_check_ins_size(), 2);
  const v1::DueCheckIn& first = due.due_check_ins(0);
  EXPECT_EQ(first.title(), "Key result kr");
  EXPECT_EQ(first.owner(), company_.Name("teams/crew"));
  EXPECT_FALSE(first.overdue());
  EXPECT_FALSE(first.has_last_check_in());
  EXPECT_GT(first.due_time().seconds(), absl::ToUnixSeconds(absl::Now()));
  // Nothing is due at once when check-ins begin to be asked for.
  AwaitDue({}, "parent: '$O'");
  ASSERT_OK(company_.Call<goals::v1::RetireKeyResultRequest>(
      "admin", "name: '$O/objectives/o/keyResults/two' reason: 'Enough'"));
  AwaitDue({Of("o")}, "parent: '$O'" + Within(14));
}

TEST_F(ReadCheckIns, ACheckInMovesTheDueTimeOn) {
  const auto before = AwaitDue({Of("o"), Of("o", "two")}, "parent: '$O'" + Within(14));
  const std::string name = Made("value: 1");
  // The one that was not checked in is due first now.
  const auto after = AwaitDue({Of("o", "two"), Of("o")}, "parent: '$O'" + Within(14));
  ASSERT_EQ(after.due_check_ins_size(), 2);
  EXPECT_EQ(after.due_check_ins(1).due_time().seconds(),
            before.due_check_ins(0).due_time().seconds() + 7 * 24 * 3600);
  EXPECT_EQ(after.due_check_ins(1).last_check_in().name(), name);
}

TEST_F(ReadCheckIns, SilenceForTooLongIsOverdue) {
  Made(absl::StrCat("value: 1 ", Ago(30 * kDay)));
  const auto due = AwaitDue({Of("o")}, "parent: '$O'");
  ASSERT_EQ(due.due_check_ins_size(), 1);
  EXPECT_TRUE(due.due_check_ins(0).overdue());
  EXPECT_LT(due.due_check_ins(0).due_time().seconds(), absl::ToUnixSeconds(absl::Now()));
  Made("value: 2");
  AwaitDue({}, "parent: '$O'");
}

TEST_F(ReadCheckIns, DueCanBeAskedOfOneOwner) {
  company_.MakeObjective("hers", "owner: '$O/people/zoe'");
  AwaitDue({Of("hers")}, "parent: '$O' owner: '$O/people/zoe'" + Within(14));
  AwaitDue({Of("hers")}, "parent: '$O' owner: '$O/people/me'" + Within(14));
  AwaitDue({}, "parent: '$O' owner: '$O/people/ben'" + Within(14));
  const std::vector<std::string> crews = {Of("o"), Of("o", "two")};
  AwaitDue(crews, "parent: '$O' owner: '$O/teams/crew'" + Within(14));
  // With the teams they are in.
  AwaitDue(crews, "parent: '$O' owner: '$O/people/me'" + Within(14), "ben");
  EXPECT_THAT(Due("parent: '$O' owner: '$O/people/none'"), IsRefused("RESOURCE_NOT_FOUND"));
}

TEST_F(ReadCheckIns, DueHidesPrivateOnesOnAllPages) {
  company_.MakeObjective("a-secret", "owner: '$O/people/zoe' visibility: VISIBILITY_PRIVATE");
  AwaitDue({Of("a-secret"), Of("o"), Of("o", "two")}, "parent: '$O'" + Within(14));
  auto request =
      company_.Parse<v1::ListDueCheckInsRequest>("parent: '$O' page_size: 1" + Within(14));
  std::vector<std::string> all;
  int pages = 0;
  do {
    const auto page = Send(company_.as("ben"), request);
    ASSERT_OK(page);
    for (const std::string& name : DueNames(*page)) all.push_back(name);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && ++pages < 10);
  EXPECT_THAT(all, ElementsAre(Of("o"), Of("o", "two")));
}

TEST_F(ReadCheckIns, DueRefusesAllWrongFieldsAtOnce) {
  EXPECT_THAT(WrongFields(Due("parent: 'wrong' owner: 'wrong' page_size: -1 page_token: 'forged'" +
                              Within(40))),
              ElementsAre("due_before", "owner", "page_size", "page_token", "parent"));
  EXPECT_THAT(WrongFields(Due("parent: '$O' due_before { seconds: 1 nanos: -5 }")),
              ElementsAre("due_before"));
  Company other;
  EXPECT_THAT(Send(other.as("ben"), company_.Parse<v1::ListDueCheckInsRequest>("parent: '$O'")),
              IsRefused("WRONG_ORGANIZATION"));
}

class BatchCheckIns : public ReadCheckIns {
 protected:
  absl::StatusOr<v1::BatchCreateCheckInsResponse> Batch(absl::string_view requests) {
    return company_.Call<v1::BatchCreateCheckInsRequest>("ben",
                                                         absl::StrCat("parent: '$O' ", requests));
  }
  absl::Status ErrorOf(const v1::CheckInResult& result) {
    const google::rpc::Status& error = result.error();
    return rpc::FromGrpc(grpc::Status(static_cast<grpc::StatusCode>(error.code()), error.message(),
                                      error.SerializeAsString()));
  }
};

TEST_F(BatchCheckIns, AcceptsAndRefusesEachOnItsOwn) {
  company_.MakeObjective("hers", "owner: '$O/people/zoe'");
  const auto answer = Batch(
      "requests { parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 } }"
      "requests { parent: '$O/objectives/o/keyResults/kr' check_in { value: nan confidence: 3 } }"
      "requests { parent: '$O/objectives/o/keyResults/none' check_in { value: 1 } }"
      "requests { parent: '$O/objectives/hers/keyResults/kr' check_in { value: 1 } }"
      "requests { parent: 'wrong' check_in { value: 1 } }"
      "requests { parent: '$O/objectives/o/keyResults/two' check_in { value: 2 } }");
  ASSERT_OK(answer);
  ASSERT_EQ(answer->results_size(), 6);
  EXPECT_EQ(answer->results(0).check_in().value(), 1);
  EXPECT_THAT(WrongFields(ErrorOf(answer->results(1))),
              ElementsAre("check_in.confidence", "check_in.value"));
  EXPECT_THAT(ErrorOf(answer->results(2)), IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ErrorOf(answer->results(3)), IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(WrongFields(ErrorOf(answer->results(4))), ElementsAre("parent"));
  EXPECT_EQ(answer->results(5).check_in().value(), 2);
  const auto listed = List("parent: '$O/objectives/o/keyResults/-'");
  ASSERT_OK(listed);
  EXPECT_THAT(Names(*listed), UnorderedElementsAre(answer->results(0).check_in().name(),
                                                   answer->results(5).check_in().name()));
}

TEST_F(BatchCheckIns, EachMemberHasARequestIdOfItsOwn) {
  constexpr char kRequests[] =
      "requests { parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 } request_id: 'a' }"
      "requests { parent: '$O/objectives/o/keyResults/kr' check_in { value: 2 } request_id: 'b' }";
  const auto first = Batch(kRequests);
  ASSERT_OK(first);
  const auto again = Batch(kRequests);
  ASSERT_OK(again);
  EXPECT_EQ(again->DebugString(), first->DebugString());
  const auto reused = Batch(
      "requests { parent: '$O/objectives/o/keyResults/kr' check_in { value: 9 } request_id: 'a' }");
  ASSERT_OK(reused);
  EXPECT_THAT(ErrorOf(reused->results(0)), IsRefused("REQUEST_ID_REUSED"));
  // Also when it is sent alone.
  const auto alone = company_.Call<v1::CreateCheckInRequest>(
      "ben", "parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 } request_id: 'a'");
  ASSERT_OK(alone);
  EXPECT_EQ(alone->name(), first->results(0).check_in().name());
  const auto listed = List("parent: '$O/objectives/o/keyResults/kr'");
  ASSERT_OK(listed);
  EXPECT_EQ(listed->check_ins_size(), 2);
}

TEST_F(BatchCheckIns, EachMemberMayOnlyBeValidated) {
  const auto answer = Batch(
      "requests { parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 }"
      " validate_only: true }");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->results(0).check_in().value(), 1);
  const auto listed = List("parent: '$O/objectives/o/keyResults/kr'");
  ASSERT_OK(listed);
  EXPECT_THAT(Names(*listed), IsEmpty());
}

TEST_F(BatchCheckIns, TakesOneToFiveHundred) {
  v1::BatchCreateCheckInsRequest request;
  request.set_parent(company_.name());
  EXPECT_THAT(WrongFields(Send(company_.as("ben"), request)), ElementsAre("requests"));
  for (int i = 0; i < 501; ++i) {
    v1::CreateCheckInRequest& member = *request.add_requests();
    member.set_parent(company_.KeyResultOf("o"));
    member.mutable_check_in()->set_value(i);
  }
  EXPECT_THAT(WrongFields(Send(company_.as("ben"), request)), ElementsAre("requests"));
  request.mutable_requests()->RemoveLast();
  const auto answer = Send(company_.as("ben"), request);
  ASSERT_OK(answer);
  ASSERT_EQ(answer->results_size(), 500);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(answer->results(i).check_in().value(), i);
}

TEST_F(BatchCheckIns, WritesNothingIntoAnotherOrganization) {
  Company other;
  other.MakeObjective("o");
  v1::BatchCreateCheckInsRequest request;
  request.set_parent(company_.name());
  request.add_requests()->set_parent(other.KeyResultOf("o"));
  request.mutable_requests(0)->mutable_check_in()->set_value(1);
  EXPECT_THAT(Send(company_.as("admin"), request), IsRefused("WRONG_ORGANIZATION"));
  request.set_parent(other.name());
  EXPECT_THAT(Send(company_.as("admin"), request), IsRefused("WRONG_ORGANIZATION"));
  const auto listed =
      other.Call<v1::ListCheckInsRequest>("admin", "parent: '$O/objectives/o/keyResults/kr'");
  ASSERT_OK(listed);
  EXPECT_THAT(Names(*listed), IsEmpty());
}

}  // namespace
}  // namespace okr::testing
