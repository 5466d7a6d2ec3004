#include "common/events/event_log_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/events/events_fixture.h"
#include "common/events/relay.h"
#include "common/events/rpc_log_source.h"
#include "common/ids/shard.h"
#include "common/rpc/consistency_token.h"
#include "common/rpc/server.h"
#include "common/rpc/test_stream.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::NamesField;

constexpr char kListEvents[] = "/okr.events.v1.EventLogService/ListEvents";
constexpr char kGetHead[] = "/okr.events.v1.EventLogService/GetHead";
constexpr char kService[] = "* scoring SERVICE";

class EventLogServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = ServiceDatabase::Make();
    ASSERT_NE(database_, nullptr);
    ASSERT_OK_AND_ASSIGN(redis_, testing::PrivateRedis::Make());
    relay_ = std::make_unique<Relay>(RelayOptions{.source = "goals",
                                                  .database = database_->relay(),
                                                  .redis = redis_->options(),
                                                  .poll_interval = absl::Milliseconds(20)});
    relay_->Start();
    feed_ = std::make_unique<LogFeed>(LogFeedOptions{.source = "goals",
                                                     .database = database_->relay(),
                                                     .redis = redis_->options(),
                                                     .block = absl::Milliseconds(50)});
    feed_->Start();
    service_ = std::make_unique<EventLogService>(
        *feed_, [](const auth::Principal&, const v1::Event& event) { return !event.private_(); });
    rpc::ServerOptions options;
    options.gate.authenticate = rpc::BelieveEverybody;
    server_ = std::make_unique<rpc::Server>(options);
    service_->RegisterOn(server_->AddService(rpc::kEventLog));
    ASSERT_OK(server_->Start());
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                   grpc::InsecureChannelCredentials());
  }
  void TearDown() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  rpc::Answer List(const v1::ListEventsRequest& request, const std::string& token = rpc::kAnn) {
    return rpc::CallBytes(*channel_, kListEvents, request.SerializeAsString(), {.token = token});
  }
  static v1::ListEventsRequest OfAcme() {
    v1::ListEventsRequest request;
    request.mutable_filter()->set_organization("organizations/acme");
    return request;
  }
  static std::vector<int64_t> PositionsOf(const rpc::Answer& answer) {
    EXPECT_OK(answer.status);
    std::vector<int64_t> positions;
    const auto response = answer.As<v1::ListEventsResponse>();
    for (const v1::Event& event : response.events()) {
      positions.push_back(event.position().position());
    }
    return positions;
  }

  const int32_t acme_ = static_cast<int32_t>(ShardOf("acme", kShards));
  std::unique_ptr<ServiceDatabase> database_;
  std::unique_ptr<testing::PrivateRedis> redis_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<LogFeed> feed_;
  std::unique_ptr<EventLogService> service_;
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(EventLogServiceTest, ListsTheEventsOfTheCallersOrganization) {
  database_->Append(acme_, {{.subject = "organizations/acme/teams/a"},
                            {.subject = "organizations/other/teams/a"},
                            {.subject = "organizations/acme/teams/b"}});
  const rpc::Answer answer = List(OfAcme());
  EXPECT_THAT(PositionsOf(answer), ElementsAre(1, 3));
  const auto response = answer.As<v1::ListEventsResponse>();
  EXPECT_EQ(response.last().position(), 3);
  EXPECT_EQ(response.head().position(), 3);
  EXPECT_EQ(response.head().source(), "goals");
  EXPECT_EQ(response.head().shard(), acme_);
}

TEST_F(EventLogServiceTest, ListsPageAfterPage) {
  database_->AppendMany(acme_, 5);
  v1::ListEventsRequest request = OfAcme();
  request.set_page_size(2);
  std::vector<int64_t> all;
  for (int page = 0; page < 3; ++page) {
    const rpc::Answer answer = List(request);
    for (const int64_t position : PositionsOf(answer)) all.push_back(position);
    *request.mutable_after() = answer.As<v1::ListEventsResponse>().last();
  }
  EXPECT_THAT(all, ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(EventLogServiceTest, PageIsBoundedInBytes) {
  const std::string long_name =
      absl::StrCat("organizations/acme/objectives/", std::string(1 << 20, 'a'));
  database_->Append(acme_, {{long_name}, {long_name}, {long_name}});
  const rpc::Answer answer = List(OfAcme());
  EXPECT_THAT(PositionsOf(answer), ElementsAre(1));
  EXPECT_EQ(answer.As<v1::ListEventsResponse>().last().position(), 1);
}

TEST_F(EventLogServiceTest, ListsOnlyWhatTheFilterAsksFor) {
  database_->Append(acme_,
                    {{.subject = "organizations/acme/objectives/a", .type = "A"},
                     {.subject = "organizations/acme/objectives/a/keyResults/k", .type = "B"},
                     {.subject = "organizations/acme/objectives/ab", .type = "A"}});
  v1::ListEventsRequest request = OfAcme();
  request.mutable_filter()->set_subject_prefix("organizations/acme/objectives/a");
  EXPECT_THAT(PositionsOf(List(request)), ElementsAre(1, 2));
  request.mutable_filter()->add_types("B");
  EXPECT_THAT(PositionsOf(List(request)), ElementsAre(2));
}

TEST_F(EventLogServiceTest, HidesWhatTheCallerMayNotRead) {
  database_->Append(acme_, {{.is_private = true}, {.is_private = false}});
  EXPECT_THAT(PositionsOf(List(OfAcme())), ElementsAre(2));
  EXPECT_THAT(PositionsOf(List(OfAcme(), kService)), ElementsAre(1, 2));
}

TEST_F(EventLogServiceTest, ServiceListsAWholeShard) {
  database_->Append(
      1, {{.subject = "organizations/acme/teams/a"}, {.subject = "organizations/other/teams/a"}});
  v1::ListEventsRequest request;
  request.mutable_filter()->set_shard(1);
  EXPECT_THAT(PositionsOf(List(request, kService)), ElementsAre(1, 2));
}

TEST_F(EventLogServiceTest, RefusesAWholeShardToOthers) {
  const v1::ListEventsRequest request;
  for (const char* token : {rpc::kAnn, "acme ann ADMIN", "acme scoring SERVICE"}) {
    EXPECT_THAT(List(request, token).status, NamesField("filter.organization")) << token;
  }
}

TEST_F(EventLogServiceTest, RefusesAnotherOrganization) {
  v1::ListEventsRequest request;
  request.mutable_filter()->set_organization("organizations/other");
  EXPECT_THAT(List(request).status, HasReason("WRONG_ORGANIZATION"));
}

TEST_F(EventLogServiceTest, NamesAllWrongFields) {
  v1::ListEventsRequest request = OfAcme();
  request.mutable_filter()->set_shard(-1);
  request.mutable_filter()->set_subject_prefix("teams/a");
  const absl::Status status = List(request).status;
  EXPECT_THAT(status, NamesField("filter.shard"));
  EXPECT_THAT(status, NamesField("filter.subject_prefix"));
}

TEST_F(EventLogServiceTest, RefusesANegativePageSize) {
  v1::ListEventsRequest request = OfAcme();
  request.set_page_size(-1);
  EXPECT_THAT(List(request).status, NamesField("page_size"));
}

TEST_F(EventLogServiceTest, RefusesAPositionThatItDoesNotHave) {
  database_->AppendMany(acme_, 1);
  v1::ListEventsRequest request = OfAcme();
  request.mutable_after()->set_epoch(1);
  request.mutable_after()->set_position(1);
  EXPECT_THAT(List(request).status, HasReason("POSITION_UNKNOWN"));
}

TEST_F(EventLogServiceTest, GivesTheHead) {
  database_->AppendMany(acme_, 4);
  v1::GetHeadRequest request;
  request.mutable_filter()->set_organization("organizations/acme");
  const rpc::Answer answer = rpc::CallBytes(*channel_, kGetHead, request.SerializeAsString());
  ASSERT_OK(answer.status);
  EXPECT_EQ(answer.As<v1::Position>().position(), 4);
}

TEST_F(EventLogServiceTest, ServesOtherServicesConsumers) {
  database_->AppendMany(1, 4);
  RpcLogSource source(std::make_shared<rpc::Channel>(
      channel_, rpc::Channel::Options{.token = [] { return std::string(kService); }}));
  ASSERT_OK_AND_ASSIGN(const LogPosition empty, source.GetHead(0));
  EXPECT_EQ(empty.position, 0);
  ASSERT_OK_AND_ASSIGN(const LogPosition head, source.GetHead(1));
  EXPECT_EQ(head.position, 4);
  ASSERT_OK_AND_ASSIGN(const auto all, source.ListEvents(1, {}, 10));
  ASSERT_EQ(all.events.size(), 4u);
  EXPECT_EQ(all.head, head);
  ASSERT_OK_AND_ASSIGN(const auto rest, source.ListEvents(1, PositionOf(all.events[1]), 10));
  EXPECT_EQ(rest.events.size(), 2u);
  ASSERT_OK_AND_ASSIGN(const auto none, source.ListEvents(1, head, 10));
  EXPECT_THAT(none.events, IsEmpty());
}

v1::SubscribeRequest FromTheBeginning() {
  v1::SubscribeRequest request;
  request.mutable_filter()->set_organization("organizations/acme");
  request.set_from_beginning(true);
  return request;
}

TEST_F(EventLogServiceTest, StreamsHistoryAndThenWhatHappens) {
  database_->Append(acme_, {{}, {.is_private = true}, {}});
  rpc::TestStream stream(*channel_, rpc::kSubscribe, FromTheBeginning().SerializeAsString());
  const auto first = stream.Next<v1::SubscribeResponse>();
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(first->has_event());
  EXPECT_EQ(first->position().position(), 0);
  for (const int64_t expected : {1, 3}) {
    const auto next = stream.Next<v1::SubscribeResponse>();
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->event().position().position(), expected);
    EXPECT_EQ(next->position().position(), expected);
  }
  database_->AppendMany(acme_, 1);
  EXPECT_EQ(stream.Next<v1::SubscribeResponse>()->event().position().position(), 4);
  stream.Cancel();
}

TEST_F(EventLogServiceTest, StreamOfAnUnknownPositionEnds) {
  v1::SubscribeRequest request = FromTheBeginning();
  request.mutable_after()->set_epoch(1);
  request.mutable_after()->set_position(9);
  rpc::TestStream stream(*channel_, rpc::kSubscribe, request.SerializeAsString());
  EXPECT_FALSE(stream.Next<v1::SubscribeResponse>().has_value());
  EXPECT_THAT(stream.Finish(), HasReason("POSITION_UNKNOWN"));
}

TEST_F(EventLogServiceTest, StreamsEndWhenTheServerStopsAndTellWhereToGoOn) {
  rpc::TestStream stream(*channel_, rpc::kSubscribe, FromTheBeginning().SerializeAsString());
  std::optional<v1::SubscribeResponse> last = stream.Next<v1::SubscribeResponse>();
  ASSERT_TRUE(last.has_value());
  server_->Shutdown();
  while (auto next = stream.Next<v1::SubscribeResponse>()) last = std::move(next);
  EXPECT_THAT(stream.Finish(), HasReason("SHUTTING_DOWN"));
  const v1::Position& at = last->position();
  EXPECT_EQ(stream.Trailing(rpc::kResumeAfterKey),
            absl::StrCat(at.source(), ":", at.epoch(), ":", at.shard(), ":", at.position()));
}

TEST_F(EventLogServiceTest, TellsThatTheDatabaseIsAway) {
  database_->Run(
      "DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', "
      "current_database()); END $$;"
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND pid <> pg_backend_pid()");
  EXPECT_EQ(List(OfAcme()).status.code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace okr::events
