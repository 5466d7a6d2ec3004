// Logs under concurrent writes, and reading one's writes in other services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"
#include "tests/support/stream.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::events::v1;
using ::testing::ElementsAre;

constexpr int kEach = 40;

// Check-ins of several people at once, each with a caller and a thread of their own. Their names.
std::set<std::string> CheckInAllAtOnce(Company& company) {
  const std::vector<std::string> people = {"ann", "ben", "cat", "dan", "eve"};
  std::vector<std::vector<std::string>> made(people.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < people.size(); ++i) {
    threads.emplace_back([&company, &person = people[i], &names = made[i]] {
      Caller caller(company.suite(), company.identity(person));
      checkins::v1::CreateCheckInRequest request;
      request.set_parent(company.KeyResultOf("o"));
      for (int n = 0; n < kEach; ++n) {
        request.mutable_check_in()->set_value(n);
        const auto check_in = Send(caller, request);
        EXPECT_OK(check_in);
        if (check_in.ok()) names.push_back(check_in->name());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& names : made) all.insert(names.begin(), names.end());
  return all;
}

TEST(ConcurrentWrites, TakeContiguousPositionsThatSubscribersSeeInOrderOnce) {
  Company company;
  company.MakeObjective("o");
  Caller service(company.suite(),
                 {.organization = "*", .subject = "okr-test", .role = auth::Role::kService});
  v1::GetHeadRequest of_company;
  of_company.mutable_filter()->set_organization(company.name());
  const auto before =
      service.Call(&v1::EventLogService::Stub::GetHead, *service.events("checkins"), of_company);
  ASSERT_OK(before);
  v1::SubscribeRequest request;
  request.mutable_filter()->set_shard(before->shard());
  *request.mutable_after() = *before;
  Stream<v1::SubscribeResponse> stream(service, [&](grpc::ClientContext* context) {
    return service.events("checkins")->Subscribe(context, request);
  });
  std::set<std::string> missing = CheckInAllAtOnce(company);
  EXPECT_EQ(missing.size(), 5U * kEach);
  int64_t last = before->position();
  while (!missing.empty()) {
    const auto next = stream.Next([](const auto& response) { return response.has_event(); });
    ASSERT_TRUE(next) << missing.size() << " are missing";
    ASSERT_EQ(next->event().position().position(), last + 1);
    last = next->event().position().position();
    if (next->event().type() != "okr.checkins.v1.CheckInCreated") continue;
    EXPECT_EQ(missing.erase(next->event().subject()), 1U) << next->event().subject();
  }
}

TEST(ConcurrentWrites, AreAllCountedInTheScore) {
  Company company;
  company.MakeObjective("o");
  CheckInAllAtOnce(company);
  ASSERT_OK(company.CheckIn("ben", "o", 77));
  const auto score = company.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_EQ(score->value(), 77);
}

TEST(ConsistencyTokens, ShowOnesOwnWritesInEveryService) {
  Company company;
  for (int i = 0; i < 10; ++i) {
    const std::string objective = absl::StrCat("o", i);
    company.MakeObjective(objective);
    const auto unmeasured = company.KeyResultScore("zoe", objective);
    ASSERT_OK(unmeasured);
    ASSERT_OK(company.CheckIn("ben", objective, i * 10));
    const auto measured = company.KeyResultScore("ben", objective);
    ASSERT_OK(measured);
    EXPECT_EQ(measured->value(), i * 10);
    EXPECT_EQ(company.ObjectiveScore("ben", objective)->progress(), measured->progress());
  }
}

// Reads a score with this consistency token.
absl::Status ReadWith(Company& company, const std::string& token, absl::Duration patience) {
  grpc::ClientContext context;
  Caller zoe(company.suite(), company.identity("zoe"));  // Has seen nothing yet.
  zoe.Prepare(context, patience);
  context.AddMetadata("okr-consistency-token", token);
  scoring::v1::KeyResultScore score;
  scoring::v1::GetKeyResultScoreRequest request;
  request.set_name(company.KeyResultOf("o"));
  return rpc::FromGrpc(company.as("zoe").scoring().GetKeyResultScore(&context, request, &score));
}

TEST(ConsistencyTokens, ThatAreNoneAreRefused) {
  Company company;
  for (const char* token : {"forged", "goals:1:2", "goals:1:2:3:4", "goals:x:0:1"}) {
    EXPECT_THAT(WrongFields(ReadWith(company, token, absl::Seconds(10))),
                ElementsAre("okr-consistency-token"))
        << token;
  }
}

TEST(ConsistencyTokens, OfAStateThatDoesNotComeEndAtTheDeadline) {
  Company company;
  EXPECT_THAT(ReadWith(company, "goals:9999999999:0:1", absl::Milliseconds(500)),
              HasCode(absl::StatusCode::kDeadlineExceeded));
}

}  // namespace
}  // namespace okr::testing
