// What is counted of calls, and what the admin port shows of a server.
#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "common/rpc/admin_pages.h"
#include "common/rpc/test_stream.h"
#include "common/testing/exposition.h"
#include "common/testing/http_get.h"

namespace okr::rpc {
namespace {

using ::testing::HasSubstr;
using testing::HttpGet;
using ::testing::Not;
using testing::ValueOf;

constexpr char kAnnsInbox[] = "organizations/acme/people/ann";
constexpr const char* kCodes[] = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

constexpr char kListLabels[] =
    R"({grpc_type="unary",grpc_service="okr.notifications.v1.NotificationsService",)"
    R"(grpc_method="ListNotifications")";
constexpr char kSubscribeLabels[] =
    R"({grpc_type="server_stream",grpc_service="okr.events.v1.EventLogService",)"
    R"(grpc_method="Subscribe")";

class MetricsTest : public ::testing::Test {
 protected:
  void Start() {
    ASSERT_OK(server_.Start());
    server_.server().ShowMetrics(registry_);
  }
  std::optional<double> Value(absl::string_view series) const {
    return ValueOf(registry_.Text(), series);
  }
  std::optional<double> Started(absl::string_view labels) const {
    return Value(absl::StrCat("grpc_server_started_total", labels, "}"));
  }
  std::optional<double> Handled(absl::string_view labels, absl::string_view code) const {
    return Value(absl::StrCat("grpc_server_handled_total", labels, ",grpc_code=\"", code, "\"}"));
  }
  // Of calls that took at most `le` seconds.
  std::optional<double> Within(absl::string_view labels, absl::string_view le) const {
    return Value(absl::StrCat("grpc_server_handling_seconds_bucket", labels, ",le=\"", le, "\"}"));
  }

  TestServer server_;
  metrics::Registry registry_;
};

TEST_F(MetricsTest, AllSeriesAreThereFromTheStart) {
  Start();
  const std::string text = registry_.Text();
  for (const char* method :
       {R"({grpc_type="unary",grpc_service="okr.notifications.v1.NotificationsService",)"
        R"(grpc_method="ListNotifications")",
        R"({grpc_type="unary",grpc_service="okr.notifications.v1.NotificationsService",)"
        R"(grpc_method="MarkNotificationsRead")",
        R"({grpc_type="unary",grpc_service="okr.events.v1.EventLogService",grpc_method="GetHead")",
        R"({grpc_type="unary",grpc_service="okr.events.v1.EventLogService",)"
        R"(grpc_method="ListEvents")",
        kSubscribeLabels}) {
    EXPECT_EQ(Started(method), 0) << method << text;
    EXPECT_EQ(Within(method, "+Inf"), 0) << method;
    for (const char* code : kCodes) EXPECT_EQ(Handled(method, code), 0) << method << code;
  }
}

TEST_F(MetricsTest, CountsCallsByTheCodeThatTheClientGot) {
  Start();
  ASSERT_OK(server_.List(ListOf(kAnnsInbox)).status);
  ASSERT_OK(server_.List(ListOf(kAnnsInbox)).status);
  EXPECT_FALSE(server_.List(ListOf(kAnnsInbox), {.token = ""}).status.ok());
  EXPECT_FALSE(server_.List(ListOf("organizations/globex/people/bob")).status.ok());
  EXPECT_EQ(Started(kListLabels), 4);
  EXPECT_EQ(Handled(kListLabels, "OK"), 2);
  EXPECT_EQ(Handled(kListLabels, "Unauthenticated"), 1);
  EXPECT_EQ(Handled(kListLabels, "PermissionDenied"), 1);
  EXPECT_EQ(Within(kListLabels, "+Inf"), 4);
  EXPECT_EQ(Handled(kSubscribeLabels, "OK"), 0);
}

TEST_F(MetricsTest, TimesCallsByTheClock) {
  server_.list = [this](const std::shared_ptr<ListCall>& call) {
    server_.clock.Advance(absl::Milliseconds(30));
    call->Finish(absl::OkStatus());
  };
  Start();
  ASSERT_OK(server_.List(ListOf(kAnnsInbox)).status);
  EXPECT_EQ(Within(kListLabels, "0.025"), 0);
  EXPECT_EQ(Within(kListLabels, "0.05"), 1);
  EXPECT_DOUBLE_EQ(*Value(absl::StrCat("grpc_server_handling_seconds_sum", kListLabels, "}")),
                   0.03);
}

TEST_F(MetricsTest, AStreamCountsUntilItsEnd) {
  Slot<std::shared_ptr<SubscribeCall>> seen;
  server_.subscribe = [&seen](std::shared_ptr<SubscribeCall> call) { seen.Set(std::move(call)); };
  Start();
  SubscribeRequest request;
  request.mutable_filter()->set_organization("organizations/acme");
  TestStream stream(server_.channel(), kSubscribe, request.SerializeAsString());
  const auto call = seen.Wait();
  EXPECT_EQ(Value("okr_streams_open"), 1);
  EXPECT_EQ(Started(kSubscribeLabels), 1);
  EXPECT_EQ(Within(kSubscribeLabels, "+Inf"), 0);
  server_.clock.Advance(absl::Seconds(7));
  call->Finish(absl::OkStatus());
  EXPECT_FALSE(stream.Next<SubscribeResponse>().has_value());
  ASSERT_OK(stream.Finish());
  EXPECT_EQ(Value("okr_streams_open"), 0);
  EXPECT_EQ(Handled(kSubscribeLabels, "OK"), 1);
  EXPECT_EQ(Within(kSubscribeLabels, "5"), 0);
  EXPECT_EQ(Within(kSubscribeLabels, "10"), 1);
}

TEST_F(MetricsTest, CountsUnknownMethodsWithoutTheirNames) {
  Start();
  EXPECT_FALSE(CallBytes(server_.channel(), "/made.up.Service/Method", "").status.ok());
  EXPECT_EQ(Value("okr_unknown_method_calls_total"), 1);
  EXPECT_THAT(registry_.Text(), Not(HasSubstr("made.up")));
}

TEST_F(MetricsTest, LeavesHealthChecksOut) {
  Start();
  ASSERT_OK(CallBytes(server_.channel(), "/grpc.health.v1.Health/Check", "", {.token = ""}).status);
  EXPECT_THAT(registry_.Text(), Not(HasSubstr("grpc.health")));
  EXPECT_EQ(Value("okr_unknown_method_calls_total"), 0);
}

TEST_F(MetricsTest, ShowsWhyItIsNotReady) {
  server_.check = [] { return absl::UnavailableError("nobody is there"); };
  Start();
  ASSERT_OK_AND_ASSIGN(
      const auto admin,
      metrics::AdminServer::Start("127.0.0.1:0", AdminPages(registry_, server_.server())));
  ASSERT_OK_AND_ASSIGN(const auto ready, HttpGet(admin->port(), "/readyz"));
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "test: nobody is there\n");
  ASSERT_OK_AND_ASSIGN(const auto live, HttpGet(admin->port(), "/livez"));
  EXPECT_EQ(live.status, 200);
  ASSERT_OK_AND_ASSIGN(const auto shown, HttpGet(admin->port(), "/metrics"));
  EXPECT_EQ(ValueOf(shown.body, "okr_ready{check=\"test\"}"), 0);
  EXPECT_EQ(ValueOf(shown.body, "okr_serving"), 0);
}

TEST_F(MetricsTest, AStoppingServerIsAliveAndNotReady) {
  Start();
  const auto pages = AdminPages(registry_, server_.server());
  EXPECT_EQ(pages.at("/readyz")().status, 200);
  EXPECT_EQ(pages.at("/readyz")().body, "ok\n");
  EXPECT_EQ(Value("okr_serving"), 1);
  server_.server().Shutdown();
  EXPECT_EQ(pages.at("/readyz")().status, 503);
  EXPECT_EQ(pages.at("/readyz")().body, "stop: the service is stopping\n");
  EXPECT_EQ(pages.at("/livez")().status, 200);
  EXPECT_EQ(Value("okr_serving"), 0);
}

TEST_F(MetricsTest, ACheckThatHangsKeepsNobodyWaiting) {
  Event asked;
  Event go_on;
  std::atomic<int> rounds = 0;
  server_.check = [&] {
    if (rounds++ > 0) {
      asked.Set();
      go_on.Wait();
    }
    return absl::OkStatus();
  };
  server_.options.readiness_interval = absl::Milliseconds(1);
  Start();
  ASSERT_TRUE(asked.WaitFor(kPatience));
  EXPECT_EQ(AdminPages(registry_, server_.server()).at("/readyz")().status, 200);
  EXPECT_EQ(Value("okr_ready{check=\"test\"}"), 1);
  go_on.Set();
  server_.server().Shutdown();  // While what the check uses is there.
}

}  // namespace
}  // namespace okr::rpc
