#include "cli/client/client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <vector>

#include "cli/client/methods.h"
#include "cli/render/errors.h"
#include "cli/testing/fake_suite.h"
#include "common/rpc/grpc_status.h"
#include "common/testing/status_matchers.h"
#include "okr/directory/v1/directory_service.pb.h"
#include "okr/goals/v1/goals_service.pb.h"

namespace okr::cli {
namespace {

using ::okr::testing::HasReason;
using testing::FakeSuite;

class ClientTest : public ::testing::Test {
 protected:
  Client::Options Options() {
    return {.address = [this](absl::string_view) { return address_; },
            .token = [] { return std::string("a-token"); },
            .new_request_id = [this] { return absl::StrCat("id-", ++ids_); },
            .sleep = [this](absl::Duration delay) { clock_.Advance(delay); },
            .random = [] { return 0.5; },
            .timeout = absl::Seconds(20),
            .clock = &clock_};
  }

  goals::v1::CreateObjectiveRequest Request() {
    goals::v1::CreateObjectiveRequest request;
    request.set_parent("organizations/acme");
    request.set_objective_id("grow");
    request.mutable_objective()->set_title("Grow");
    return request;
  }

  FakeSuite suite_;
  FakeClock clock_;
  std::string address_ = suite_.address();
  int ids_ = 0;
  ConsistencyMemory memory_{"", clock_};
  Client client_{Options(), &memory_};
};

TEST_F(ClientTest, SendsTheTokenAndARequestId) {
  const auto made = client_.Call<goals::v1::Objective>(Request());
  ASSERT_OK(made);
  EXPECT_EQ(made->name(), "organizations/acme/objectives/grow");
  EXPECT_EQ(suite_.calls()[0].token, "a-token");
  EXPECT_EQ(RequestIdIn(*suite_.calls()[0].request), "id-1");
}

TEST_F(ClientTest, TriesAgainWithTheSameRequestId) {
  // Busy, and then stopped while the call was on its way.
  std::vector<grpc::Status> answers = {
      grpc::Status::OK, grpc::Status::CANCELLED, {grpc::StatusCode::UNAVAILABLE, "busy"}};
  suite_.set_refusal([&](const std::string&) {
    const grpc::Status next = answers.back();
    answers.pop_back();
    return next;
  });
  ASSERT_OK(client_.Call<goals::v1::Objective>(Request()));
  ASSERT_EQ(suite_.calls().size(), 3);
  EXPECT_EQ(RequestIdIn(*suite_.calls()[2].request), "id-1");
}

TEST_F(ClientTest, GivesUpAfterAFewSeconds) {
  suite_.set_refusal(
      [](const std::string&) { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "busy"); });
  const absl::Time start = clock_.Now();
  EXPECT_FALSE(client_.Call<goals::v1::Objective>(Request()).ok());
  EXPECT_GT(suite_.calls().size(), 3);
  EXPECT_LE(clock_.Now() - start, absl::Seconds(3));
}

TEST_F(ClientTest, DoesNotRepeatWhatIsRefused) {
  suite_.set_refusal([](const std::string&) {
    return rpc::ToGrpc(rpc::ToPublic(InvalidFields({{"objective.title", "is empty"}}), "r"));
  });
  const absl::Status status = client_.Call<goals::v1::Objective>(Request()).status();
  EXPECT_THAT(status, HasReason("INVALID_FIELDS"));
  EXPECT_EQ(ExitCodeOf(status), kExitRefused);
  EXPECT_EQ(suite_.calls().size(), 1);
  EXPECT_THAT(RenderError(status), ::testing::HasSubstr("objective.title: is empty"));
  EXPECT_THAT(RenderError(status), ::testing::HasSubstr("request id: id-1"));
}

TEST_F(ClientTest, SaysThatNobodyIsThere) {
  address_ = "127.0.0.1:1";
  const absl::Status status = client_.Call<goals::v1::Objective>(Request()).status();
  EXPECT_EQ(ExitCodeOf(status), kExitUnreachable);
}

TEST_F(ClientTest, ReadsCarryWhatWasWritten) {
  ASSERT_OK(client_.Call<goals::v1::Objective>(Request()));
  goals::v1::GetObjectiveRequest get;
  get.set_name("organizations/acme/objectives/grow");
  ASSERT_OK(client_.Call<goals::v1::Objective>(get));
  EXPECT_EQ(suite_.calls()[0].consistency, "");
  EXPECT_EQ(suite_.calls()[1].consistency, "goals:1700000000:0:1");
}

TEST_F(ClientTest, ForgetsALogThatIsNoMore) {
  ASSERT_OK(client_.Call<goals::v1::Objective>(Request()));
  int refusals = 1;
  suite_.set_refusal([&](const std::string&) {
    if (refusals-- <= 0) return grpc::Status::OK;
    return rpc::ToGrpc(
        MakeError(absl::StatusCode::kOutOfRange, "unknown", {.reason = "POSITION_UNKNOWN"}));
  });
  goals::v1::GetObjectiveRequest get;
  get.set_name("organizations/acme/objectives/grow");
  ASSERT_OK(client_.Call<goals::v1::Objective>(get));
  EXPECT_EQ(suite_.calls().back().consistency, "");
}

TEST_F(ClientTest, ListsAllPages) {
  for (const char* id : {"a", "b", "c"}) {
    goals::v1::CreateObjectiveRequest request = Request();
    request.set_objective_id(id);
    ASSERT_OK(client_.Call<goals::v1::Objective>(request));
  }
  goals::v1::ListObjectivesRequest list;
  list.set_parent("organizations/acme");
  list.set_page_size(2);
  const auto items = client_.ListAll(&list);
  ASSERT_OK(items);
  EXPECT_EQ(items->size(), 3);
  EXPECT_EQ(suite_.CountCalls("List"), 2);
}

TEST(MethodOf, KnowsEveryMethodByItsRequest) {
  const auto* method = MethodOf(directory::v1::CloseCycleRequest::descriptor());
  ASSERT_NE(method, nullptr);
  EXPECT_EQ(PathOf(*method), "/okr.directory.v1.DirectoryService/CloseCycle");
  EXPECT_EQ(HomeOf(*method), "goals");
  EXPECT_EQ(MethodOf(goals::v1::Objective::descriptor()), nullptr);
}

TEST(ConsistencyMemory, KeepsTheFurthestForAMinute) {
  FakeClock clock;
  ConsistencyMemory memory("", clock);
  memory.Remember("goals:1:3:41");
  memory.Remember("goals:1:3:7,scoring:1:3:9");
  EXPECT_EQ(memory.ToSend(), "goals:1:3:41,scoring:1:3:9");
  clock.Advance(absl::Seconds(61));
  EXPECT_EQ(memory.ToSend(), "");
}

TEST(ConsistencyMemory, TheNextProcessKnows) {
  const std::string path = ::testing::TempDir() + "/okrctl-state-test";
  FakeClock clock;
  ConsistencyMemory(path, clock).Remember("goals:1:3:41");
  EXPECT_EQ(ConsistencyMemory(path, clock).ToSend(), "goals:1:3:41");
  clock.Advance(absl::Seconds(61));
  EXPECT_EQ(ConsistencyMemory(path, clock).ToSend(), "");
  std::remove(path.c_str());
}

}  // namespace
}  // namespace okr::cli
