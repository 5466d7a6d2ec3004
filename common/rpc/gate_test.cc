// What the gate lets through to handlers, and what it tells of those it does not.
#include <atomic>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "common/log/logger.h"
#include "common/rpc/test_server.h"

namespace okr::rpc {
namespace {

using absl::StatusCode;
using testing::HasCode;
using testing::HasReason;
using testing::NamesField;

constexpr char kAnnsInbox[] = "organizations/acme/people/ann";

class GateTest : public ::testing::Test {
 protected:
  Answer List(const Sent& sent = {}) { return server_.List(ListOf(kAnnsInbox), sent); }
  // Starts a server whose handler gives its call's head to the test.
  void StartAndSeeCall() {
    server_.list = [this](const std::shared_ptr<ListCall>& call) {
      seen_.Set(call->call());
      call->Finish(absl::OkStatus());
    };
    ASSERT_OK(server_.Start());
  }

  Slot<Call> seen_;
  TestServer server_;
};

TEST_F(GateTest, GivesTheHandlersResponse) {
  ASSERT_OK(server_.Start());
  const Answer answer = List();
  ASSERT_OK(answer.status);
  EXPECT_EQ(answer.As<ListNotificationsResponse>().unread_count(), 7);
}

TEST_F(GateTest, GivesTheHandlersRequest) {
  Slot<std::string> parent;
  server_.list = [&parent](const std::shared_ptr<ListCall>& call) {
    parent.Set(call->request().parent());
    call->Finish(absl::OkStatus());
  };
  ASSERT_OK(server_.Start());
  ASSERT_OK(List().status);
  EXPECT_EQ(parent.Wait(), kAnnsInbox);
}

TEST_F(GateTest, RefusesACallWithoutToken) {
  ASSERT_OK(server_.Start());
  const Answer answer = List({.token = ""});
  EXPECT_THAT(answer.status, HasCode(StatusCode::kUnauthenticated));
  EXPECT_THAT(answer.status, HasReason("TOKEN_MISSING"));
}

TEST_F(GateTest, RefusesAnotherScheme) {
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List({.token = "", .metadata = {{"authorization", "Basic YTpi"}}}).status,
              HasReason("TOKEN_MALFORMED"));
}

TEST_F(GateTest, RefusesTwoTokens) {
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List({.metadata = {{"authorization", "Bearer globex bob ADMIN"}}}).status,
              HasReason("TOKEN_MALFORMED"));
}

TEST_F(GateTest, RefusesATokenThatIsNotBelieved) {
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List({.token = "forged"}).status, HasCode(StatusCode::kUnauthenticated));
}

TEST_F(GateTest, TellsTheHandlerWhoCalls) {
  StartAndSeeCall();
  ASSERT_OK(List().status);
  const Call call = seen_.Wait();
  EXPECT_EQ(call.principal.organization, "acme");
  EXPECT_EQ(call.principal.subject, "ann");
  EXPECT_EQ(call.principal.role, auth::Role::kMember);
  EXPECT_EQ(call.method, absl::string_view(kList).substr(1));
  EXPECT_TRUE(absl::StartsWith(call.peer, "ipv4:127.0.0.1:")) << call.peer;
}

TEST_F(GateTest, RefusesNamesOfAnotherOrganization) {
  ASSERT_OK(server_.Start());
  const Answer answer = server_.List(ListOf("organizations/globex/people/bob"));
  EXPECT_THAT(answer.status, HasCode(StatusCode::kPermissionDenied));
  EXPECT_THAT(answer.status, HasReason("WRONG_ORGANIZATION"));
}

TEST_F(GateTest, RefusesGarbage) {
  ASSERT_OK(server_.Start());
  const Answer answer = CallBytes(server_.channel(), kList, "\x0a\x7f");
  EXPECT_THAT(answer.status, HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(answer.status, HasReason("INVALID_FIELDS"));
}

TEST_F(GateTest, NamesStringsThatAreNotUtf8) {
  ASSERT_OK(server_.Start());
  const std::string bytes =
      absl::StrReplaceAll(ListOf("organizations/acme/$").SerializeAsString(), {{"$", "\xff"}});
  EXPECT_THAT(CallBytes(server_.channel(), kList, bytes).status, NamesField("parent"));
}

TEST_F(GateTest, RefusesLargeRequests) {
  ASSERT_OK(server_.Start());
  const Answer answer = server_.List(ListOf(std::string(5 << 20, 'x')));
  EXPECT_THAT(answer.status, HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(answer.status, HasReason("REQUEST_TOO_LARGE"));
}

TEST_F(GateTest, RefusesGiantRequests) {
  ASSERT_OK(server_.Start());
  EXPECT_THAT(server_.List(ListOf(std::string(17 << 20, 'x'))).status,
              HasCode(StatusCode::kResourceExhausted));
}

TEST_F(GateTest, RefusesUnknownMethods) {
  ASSERT_OK(server_.Start());
  for (const char* path :
       {"/okr.notifications.v1.NotificationsService/DeletePeople", "/okr.x.v1.X/Y"}) {
    const Answer answer = CallBytes(server_.channel(), path, "");
    EXPECT_THAT(answer.status, HasCode(StatusCode::kUnimplemented));
    EXPECT_THAT(answer.status, HasReason("METHOD_UNKNOWN"));
  }
}

TEST_F(GateTest, RefusesWhenTheDeadlinePassed) {
  server_.hooks.on_start = [this](const Call&) { server_.clock.Advance(absl::Hours(1)); };
  server_.list = [](const std::shared_ptr<ListCall>&) { FAIL() << "the handler ran"; };
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List().status, HasReason("DEADLINE_EXCEEDED"));
}

TEST_F(GateTest, TakesTheClientsDeadline) {
  StartAndSeeCall();
  ASSERT_OK(List({.timeout = absl::Seconds(12)}).status);
  const Call call = seen_.Wait();
  EXPECT_LE(call.deadline - call.now, absl::Seconds(12.1));
  EXPECT_GT(call.deadline - call.now, absl::Seconds(2));
}

TEST_F(GateTest, CapsTheDeadlineByTheBudget) {
  StartAndSeeCall();
  ASSERT_OK(List({.timeout = absl::Hours(1)}).status);
  const Call call = seen_.Wait();
  EXPECT_EQ(call.deadline - call.now, absl::Seconds(30));
}

TEST_F(GateTest, TakesTheRequestIdOfTheBody) {
  Slot<std::string> id;
  server_.mark = [&id](const Call& call, const MarkNotificationsReadRequest&) {
    id.Set(call.request_id);
    return MarkNotificationsReadResponse();
  };
  ASSERT_OK(server_.Start());
  MarkNotificationsReadRequest request;
  request.set_request_id("mine");
  ASSERT_OK(server_.Mark(request).status);
  EXPECT_EQ(id.Wait(), "mine");
}

TEST_F(GateTest, MakesARequestIdWhereThereIsNone) {
  StartAndSeeCall();
  ASSERT_OK(List().status);
  ASSERT_OK_AND_ASSIGN(const Uuid id, Uuid::Parse(seen_.Wait().request_id));
  EXPECT_EQ(id.version(), 7);
}

TEST_F(GateTest, ContinuesTheCallersTrace) {
  StartAndSeeCall();
  ASSERT_OK(List({.metadata = {{"traceparent",
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}})
                .status);
  const TraceContext trace = seen_.Wait().trace;
  EXPECT_EQ(trace.trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(trace.span_id, "b7ad6b7169203331");
  EXPECT_TRUE(trace.sampled);
}

TEST_F(GateTest, BeginsATraceWhereThereIsNone) {
  StartAndSeeCall();
  ASSERT_OK(List().status);
  EXPECT_EQ(seen_.Wait().trace.trace_id.size(), 32u);
}

TEST_F(GateTest, WaitsForTheStateThatTheTokensTellOf) {
  Slot<std::function<void(absl::Status)>> reached;
  std::atomic<bool> is_reached{false};
  std::atomic<bool> ran_too_early{false};
  server_.hooks.wait_for_consistency = [&reached](const Call&,
                                                  const std::vector<ConsistencyToken>& tokens,
                                                  std::function<void(absl::Status)> done) {
    EXPECT_EQ(FormatConsistencyTokens(tokens), "goals:5:3:41");
    reached.Set(std::move(done));
  };
  server_.list = [&](const std::shared_ptr<ListCall>& call) {
    ran_too_early = !is_reached;
    call->Finish(absl::OkStatus());
  };
  ASSERT_OK(server_.Start());
  std::thread client([this] {
    EXPECT_OK(List({.metadata = {{"okr-consistency-token", "goals:5:3:41"}}}).status);
  });
  const auto done = reached.Wait();
  is_reached = true;
  done(absl::OkStatus());
  client.join();
  EXPECT_FALSE(ran_too_early);
}

TEST_F(GateTest, FailsWhenTheStateIsNotReached) {
  server_.hooks.wait_for_consistency = [](const Call&, const std::vector<ConsistencyToken>&,
                                          const std::function<void(absl::Status)>& done) {
    done(MakeError(StatusCode::kDeadlineExceeded, "not yet", {.reason = "STATE_NOT_REACHED"}));
  };
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List({.metadata = {{"okr-consistency-token", "goals:5:3:41"}}}).status,
              HasReason("STATE_NOT_REACHED"));
}

TEST_F(GateTest, RefusesForgedConsistencyTokens) {
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List({.metadata = {{"okr-consistency-token", "tomorrow"}}}).status,
              NamesField("okr-consistency-token"));
}

TEST_F(GateTest, TellsWhereTheWritesStand) {
  server_.list = [](const std::shared_ptr<ListCall>& call) {
    call->call().written = {{.source = "goals", .epoch = 5, .shard = 3, .position = 41}};
    call->Finish(absl::OkStatus());
  };
  ASSERT_OK(server_.Start());
  EXPECT_EQ(List().trailing.at("okr-consistency-token"), "goals:5:3:41");
}

TEST_F(GateTest, EndsACallThatTheHandlerDropped) {
  server_.list = [](const std::shared_ptr<ListCall>&) {};
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List().status, HasReason("INTERNAL"));
}

TEST_F(GateTest, EndsACallWhoseHandlerThrew) {
  server_.list = [](const std::shared_ptr<ListCall>&) { throw std::runtime_error("no"); };
  ASSERT_OK(server_.Start());
  EXPECT_THAT(List().status, HasReason("INTERNAL"));
}

TEST_F(GateTest, IgnoresASecondFinish) {
  server_.list = [](const std::shared_ptr<ListCall>& call) {
    call->Finish(absl::OkStatus());
    call->Finish(absl::InternalError("again"));
  };
  ASSERT_OK(server_.Start());
  EXPECT_OK(List().status);
}

TEST_F(GateTest, TellsTheHooksOfStartAndFinish) {
  std::atomic<int> started{0};
  Slot<absl::Status> finished;
  server_.hooks.on_start = [&started](const Call&) { ++started; };
  server_.hooks.on_finish = [&finished](const Call&, const absl::Status& status, absl::Duration) {
    finished.Set(status);
  };
  ASSERT_OK(server_.Start());
  List({.token = "forged"});
  EXPECT_THAT(finished.Wait(), HasReason("TOKEN_MALFORMED"));
  EXPECT_EQ(started, 1);
}

// Collects what is logged while it lives.
class LogTest : public GateTest {
 protected:
  LogTest() {
    log::SetDefault({.service = "test", .sink = [this](absl::string_view line) {
                       const std::lock_guard lock(mutex_);
                       lines_.emplace_back(line);
                     }});
  }
  ~LogTest() override { log::SetDefault({.service = "okr"}); }

  std::string RpcLine() {
    const std::lock_guard lock(mutex_);
    for (const std::string& line : lines_) {
      if (absl::StrContains(line, "\"message\":\"rpc\"")) return line;
    }
    return "";
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

TEST_F(LogTest, WritesOneLineOfACall) {
  ASSERT_OK(server_.Start());
  ASSERT_OK(List().status);
  const std::string line = RpcLine();
  for (const char* part :
       {"\"severity\":\"INFO\"", "\"code\":\"OK\"", "\"organization\":\"acme\"",
        "\"method\":\"okr.notifications.v1.NotificationsService/ListNotifications\"",
        "\"subject\":\"ann\"", "\"duration_ms\":0", "\"trace_id\":\"", "\"span_id\":\"",
        "\"request_id\":\""}) {
    EXPECT_TRUE(absl::StrContains(line, part)) << part << " in " << line;
  }
}

TEST_F(LogTest, KeepsWhatADefectSaysToItself) {
  server_.hooks.log_detail = [](const absl::Status&) { return "sqlstate XX000"; };
  server_.list = [](const std::shared_ptr<ListCall>& call) {
    call->Finish(absl::InternalError("index out of range"));
  };
  ASSERT_OK(server_.Start());
  const Answer answer = List();
  EXPECT_FALSE(absl::StrContains(answer.raw.error_message(), "index"));
  const std::string line = RpcLine();
  for (const char* part : {"\"severity\":\"ERROR\"", "index out of range", "sqlstate XX000",
                           "\"reason\":\"INTERNAL\""}) {
    EXPECT_TRUE(absl::StrContains(line, part)) << part << " in " << line;
  }
  // The client's request id finds the line.
  EXPECT_TRUE(absl::StrContains(line, DetailsOf(answer.status).metadata.at("request_id")));
}

TEST_F(LogTest, DoesNotRepeatTheWordsOfRefusals) {
  server_.list = [](const std::shared_ptr<ListCall>& call) {
    call->Finish(InvalidFields({{"title", "\"my private plan\" is too long"}}));
  };
  ASSERT_OK(server_.Start());
  List();
  EXPECT_FALSE(absl::StrContains(RpcLine(), "private"));
}

}  // namespace
}  // namespace okr::rpc
