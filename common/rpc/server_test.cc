// Start, health and end of a server.
#include "common/rpc/server.h"

#include <atomic>
#include <thread>

#include "absl/strings/match.h"
#include "common/rpc/channel.h"
#include "common/rpc/test_stream.h"
#include "google/protobuf/wrappers.pb.h"

namespace okr::rpc {
namespace {

using absl::StatusCode;
using testing::HasCode;
using testing::HasReason;

constexpr char kCheck[] = "/grpc.health.v1.Health/Check";
constexpr char kWatch[] = "/grpc.health.v1.Health/Watch";
constexpr int kServing = 1;
constexpr int kNotServing = 2;
constexpr int kServiceUnknown = 3;

std::string HealthRequest(const std::string& service) {
  google::protobuf::StringValue request;
  request.set_value(service);
  return request.SerializeAsString();
}

int Health(grpc::Channel& channel, const std::string& service) {
  const Answer answer = CallBytes(channel, kCheck, HealthRequest(service), {.token = ""});
  EXPECT_OK(answer.status);
  return answer.As<google::protobuf::Int32Value>().value();
}

// 0 when the stream is over.
int NextHealth(TestStream& watch) {
  const auto response = watch.Next<google::protobuf::Int32Value>();
  return response.has_value() ? response->value() : 0;
}

// The caller has the address, but nothing else fits it.
ServerOptions OptionsOn(int port) {
  ServerOptions options;
  options.listen = absl::StrCat("127.0.0.1:", port);
  options.gate.authenticate = BelieveEverybody;
  return options;
}

TEST(Health, OfLivenessIsServingWhateverTheChecksSay) {
  TestServer server;
  server.check = [] { return absl::UnavailableError("no database"); };
  ASSERT_OK(server.Start());
  EXPECT_EQ(Health(server.channel(), ""), kNotServing);
  EXPECT_EQ(Health(server.channel(), "liveness"), kServing);
  TestStream watch(server.channel(), kWatch, HealthRequest("liveness"), {.token = ""});
  EXPECT_EQ(NextHealth(watch), kServing);
}

// While it serves on for those who have not noticed yet, and until it ends.
TEST(Health, OfLivenessIsServingWhileTheServerStops) {
  TestServer server;
  int liveness = 0;
  int readiness = 0;
  server.options.linger = [&] {
    liveness = Health(server.channel(), "liveness");
    readiness = Health(server.channel(), "");
  };
  ASSERT_OK(server.Start());
  server.server().Shutdown();
  EXPECT_EQ(liveness, kServing);
  EXPECT_EQ(readiness, kNotServing);
}

TEST(ServerStart, NamesMethodsWithoutHandler) {
  Server server(OptionsOn(0));
  server.AddService(kNotifications)
      .Async<ListNotificationsRequest, ListNotificationsResponse>(
          "ListNotifications", [](const std::shared_ptr<ListCall>&) {});
  const absl::Status status = server.Start();
  EXPECT_THAT(status, HasCode(StatusCode::kFailedPrecondition));
  EXPECT_TRUE(absl::StrContains(status.message(), "MarkNotificationsRead has no handler"))
      << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "ListNotifications")) << status;
}

TEST(ServerStart, RefusesHandlersOfUnknownMethods) {
  Server server(OptionsOn(0));
  server.AddService(kNotifications)
      .Async<ListNotificationsRequest, ListNotificationsResponse>(
          "ListThings", [](const std::shared_ptr<ListCall>&) {});
  EXPECT_TRUE(absl::StrContains(server.Start().message(), "ListThings is no method"));
}

TEST(ServerStart, RefusesHandlersOfOtherMessages) {
  Server server(OptionsOn(0));
  server.AddService(kNotifications)
      .Async<ListNotificationsRequest, ListNotificationsResponse>(
          "MarkNotificationsRead", [](const std::shared_ptr<ListCall>&) {});
  EXPECT_TRUE(absl::StrContains(server.Start().message(), "a handler of other messages"));
}

TEST(ServerStart, RefusesServicesThatAreNotLinked) {
  Server server(OptionsOn(0));
  server.AddService("okr.nowhere.v1.NothingService");
  EXPECT_TRUE(absl::StrContains(server.Start().message(), "NothingService: is not linked in"));
}

TEST(ServerStart, RefusesAnAddressThatIsTaken) {
  TestServer first;
  ASSERT_OK(first.Start());
  Server second(OptionsOn(first.server().port()));
  const absl::Status status = second.Start();
  EXPECT_THAT(status, HasCode(StatusCode::kUnavailable));
  EXPECT_TRUE(absl::StrContains(status.message(), "cannot listen on 127.0.0.1:")) << status;
}

TEST(ServerHealth, KnowsEveryServiceAndTheWhole) {
  TestServer server;
  ASSERT_OK(server.Start());
  for (const char* service : {"", kNotifications, kEventLog}) {
    EXPECT_EQ(Health(server.channel(), service), kServing) << service;
  }
  EXPECT_THAT(CallBytes(server.channel(), kCheck, HealthRequest("okr.x.v1.X")).status,
              HasCode(StatusCode::kNotFound));
}

TEST(ServerHealth, IsNotServingFromTheStartWhereACheckFails) {
  TestServer server;
  server.check = [] { return absl::UnavailableError("no database"); };
  ASSERT_OK(server.Start());
  EXPECT_EQ(Health(server.channel(), ""), kNotServing);
}

TEST(ServerHealth, WatchTellsOfEveryChange) {
  std::atomic<bool> well{true};
  TestServer server;
  server.options.readiness_interval = absl::Milliseconds(5);
  server.check = [&well] { return well ? absl::OkStatus() : absl::UnavailableError("away"); };
  ASSERT_OK(server.Start());
  TestStream watch(server.channel(), kWatch, HealthRequest(kEventLog), {.token = ""});
  EXPECT_EQ(NextHealth(watch), kServing);
  well = false;
  EXPECT_EQ(NextHealth(watch), kNotServing);
  well = true;
  EXPECT_EQ(NextHealth(watch), kServing);
  watch.Cancel();
}

TEST(ServerHealth, WatchStaysOpenForUnknownServices) {
  TestServer server;
  ASSERT_OK(server.Start());
  TestStream watch(server.channel(), kWatch, HealthRequest("okr.x.v1.X"), {.token = ""});
  EXPECT_EQ(NextHealth(watch), kServiceUnknown);
  watch.Cancel();
}

TEST(ServerHealth, WatchDoesNotHoldUpTheEnd) {
  TestServer server;
  server.options.drain = absl::Hours(1);
  ASSERT_OK(server.Start());
  TestStream watch(server.channel(), kWatch, HealthRequest(""), {.token = ""});
  EXPECT_EQ(NextHealth(watch), kServing);
  server.server().Shutdown();
  EXPECT_EQ(NextHealth(watch), kNotServing);
  EXPECT_EQ(NextHealth(watch), 0);
}

TEST(ServerEnd, LetsRunningCallsFinish) {
  Slot<std::shared_ptr<ListCall>> running;
  TestServer server;
  server.list = [&running](std::shared_ptr<ListCall> call) { running.Set(std::move(call)); };
  ASSERT_OK(server.Start());
  TestStream watch(server.channel(), kWatch, HealthRequest(""), {.token = ""});
  ASSERT_EQ(NextHealth(watch), kServing);
  Slot<Answer> answer;
  std::thread client([&] { answer.Set(server.List(ListOf("organizations/acme/people/ann"))); });
  const auto call = running.Wait();
  std::thread stopping([&server] { server.server().Shutdown(); });
  EXPECT_EQ(NextHealth(watch), kNotServing);  // It has begun to stop.
  call->response().set_unread_count(3);
  call->Finish(absl::OkStatus());
  stopping.join();
  client.join();
  const Answer got = answer.Wait();
  ASSERT_OK(got.status);
  EXPECT_EQ(got.As<ListNotificationsResponse>().unread_count(), 3);
}

TEST(ServerEnd, ServesOnWhileOthersNotice) {
  TestServer server;
  Event noticed;
  server.options.linger = [&noticed] { EXPECT_TRUE(noticed.WaitFor(kPatience)); };
  server.list = [](const std::shared_ptr<ListCall>& call) { call->Finish(absl::OkStatus()); };
  ASSERT_OK(server.Start());
  TestStream watch(server.channel(), kWatch, HealthRequest(""), {.token = ""});
  ASSERT_EQ(NextHealth(watch), kServing);
  std::thread stopping([&server] { server.server().Shutdown(); });
  EXPECT_EQ(NextHealth(watch), kNotServing);
  EXPECT_OK(server.List(ListOf("organizations/acme/people/ann")).status);
  noticed.Set();
  stopping.join();
  EXPECT_FALSE(server.List(ListOf("organizations/acme/people/ann")).status.ok());
}

TEST(ServerEnd, EndsCallsThatTakeLongerThanTheDrainTime) {
  Slot<std::shared_ptr<ListCall>> running;
  TestServer server;
  server.options.drain = absl::Milliseconds(50);
  server.list = [&running](std::shared_ptr<ListCall> call) { running.Set(std::move(call)); };
  ASSERT_OK(server.Start());
  Slot<Answer> answer;
  std::thread client([&] { answer.Set(server.List(ListOf("organizations/acme/people/ann"))); });
  const auto call = running.Wait();
  server.server().Shutdown();
  client.join();
  EXPECT_FALSE(answer.Wait().status.ok());
  call->Finish(absl::OkStatus());  // Too late, and harmless.
}

TEST(ServerEnd, CanBeAskedForTwice) {
  TestServer server;
  ASSERT_OK(server.Start());
  server.server().Shutdown();
  server.server().Shutdown();
}

TEST(ServerReflection, ListsTheServices) {
  TestServer server;
  ASSERT_OK(server.Start());
  const grpc::internal::RpcMethod method(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      grpc::internal::RpcMethod::BIDI_STREAMING);
  grpc::ClientContext context;
  Prepare({.token = ""}, &context);
  const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          &server.channel(), method, &context));
  ASSERT_TRUE(stream->Write(BufferOf(std::string("\x3a\x01*", 3))));  // list_services: "*"
  grpc::ByteBuffer answer;
  ASSERT_TRUE(stream->Read(&answer));
  const std::string bytes = BytesOf(answer);
  for (const char* service : {kNotifications, kEventLog, "grpc.health.v1.Health"}) {
    EXPECT_TRUE(absl::StrContains(bytes, service)) << service;
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST(Channel, GivesTheAnswer) {
  TestServer server;
  ASSERT_OK(server.Start());
  const auto channel =
      Channel::Create({.address = absl::StrCat("127.0.0.1:", server.server().port()),
                       .token = [] { return std::string(kAnn); }});
  ASSERT_OK_AND_ASSIGN(const auto response,
                       (CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
                           *channel, kList, ListOf("organizations/acme/people/ann"))));
  EXPECT_EQ(response.unread_count(), 7);
}

TEST(Channel, GivesTheErrorWithItsDetails) {
  TestServer server;
  server.list = [](const std::shared_ptr<ListCall>& call) {
    call->Finish(InvalidFields({{"page_size", "is negative"}}));
  };
  ASSERT_OK(server.Start());
  Channel channel(server.server().InProcessChannel(), {.token = [] { return std::string(kAnn); }});
  const auto response = CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
      channel, kList, ListOf("organizations/acme/people/ann"));
  EXPECT_THAT(response, testing::NamesField("page_size"));
}

TEST(Channel, HandsOnTraceAndConsistencyTokens) {
  Slot<Call> seen;
  TestServer server;
  server.list = [&seen](const std::shared_ptr<ListCall>& call) {
    call->call().written = {{.source = "goals", .epoch = 5, .shard = 3, .position = 42}};
    seen.Set(call->call());
    call->Finish(absl::OkStatus());
  };
  ASSERT_OK(server.Start());
  Channel channel(server.server().InProcessChannel(), {.token = [] { return std::string(kAnn); }});
  const TraceContext trace{.trace_id = "0af7651916cd43dd8448eb211c80319c",
                           .span_id = "b7ad6b7169203331"};
  const ConsistencyToken wanted{.source = "scoring", .epoch = 1, .shard = 2, .position = 3};
  std::vector<ConsistencyToken> written;
  ASSERT_OK((CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
      channel, kList, ListOf("organizations/acme/people/ann"),
      {.trace = trace, .wanted = {wanted}, .written = &written})));
  const Call call = seen.Wait();
  EXPECT_EQ(call.trace.trace_id, trace.trace_id);
  EXPECT_EQ(call.wanted, std::vector{wanted});
  EXPECT_EQ(FormatConsistencyTokens(written), "goals:5:3:42");
}

TEST(Channel, TellsThatTheServiceIsAway) {
  int port = 0;
  {
    TestServer server;
    ASSERT_OK(server.Start());
    port = server.server().port();
  }
  const auto channel = Channel::Create({.address = absl::StrCat("127.0.0.1:", port)});
  const auto response = CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
      *channel, kList, ListOf("organizations/acme/people/ann"));
  EXPECT_THAT(response, HasCode(StatusCode::kUnavailable));
  EXPECT_THAT(response, HasReason("SERVICE_UNAVAILABLE"));
}

TEST(Channel, KeepsTheCallersDeadline) {
  Slot<std::shared_ptr<ListCall>> running;
  TestServer server;
  server.list = [&running](std::shared_ptr<ListCall> call) { running.Set(std::move(call)); };
  ASSERT_OK(server.Start());
  Channel channel(server.server().InProcessChannel(), {.token = [] { return std::string(kAnn); }});
  const auto response = CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
      channel, kList, ListOf("organizations/acme/people/ann"),
      {.deadline = absl::Now() + absl::Milliseconds(200)});
  EXPECT_THAT(response, HasReason("DEADLINE_EXCEEDED"));
  running.Wait()->Finish(absl::OkStatus());
}

}  // namespace
}  // namespace okr::rpc
