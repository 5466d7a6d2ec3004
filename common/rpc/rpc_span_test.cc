// The spans of calls, as a server and a channel end them.
#include <gmock/gmock.h>

#include "common/rpc/channel.h"
#include "common/rpc/test_server.h"

namespace okr::rpc {
namespace {

using ::testing::IsEmpty;

constexpr char kTraceparent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr char kUnsampled[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

// Spans may be ended after the client has its answer.
class Kept final : public trace::SpanSink {
 public:
  void Take(trace::Span span) override {
    const std::lock_guard lock(mutex_);
    spans_.push_back(std::move(span));
    changed_.notify_all();
  }
  std::vector<trace::Span> Await(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, absl::ToChronoSeconds(kPatience),
                                  [&] { return spans_.size() >= count; }));
    return spans_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<trace::Span> spans_;
};

class RpcSpanTest : public ::testing::Test {
 protected:
  RpcSpanTest() {
    server_.options.gate.tracer = &tracer_;
    server_.hooks.on_finish = [this](const Call& call, const absl::Status&, absl::Duration) {
      ended_.Set(call);
    };
  }
  // A call that has ended, its span too.
  Call List(const char* traceparent) {
    EXPECT_OK(server_.Start());
    Sent sent;
    if (traceparent != nullptr) sent.metadata.emplace("traceparent", traceparent);
    server_.List(ListOf("organizations/acme/people/ann"), sent);
    return ended_.Wait();
  }
  static std::string Text(const trace::Span& span, absl::string_view key) {
    for (const trace::Attribute& attribute : span.attributes) {
      if (attribute.key == key) return std::get<std::string>(attribute.value);
    }
    return "";
  }

  Kept kept_;
  trace::Tracer tracer_{kept_, SecureRandom()};
  Slot<Call> ended_;
  TestServer server_;
};

TEST_F(RpcSpanTest, ACallIsAServerSpanOfItsCallersTrace) {
  const Call call = List(kTraceparent);
  const auto spans = kept_.Await(1);
  EXPECT_EQ(spans[0].kind, trace::Kind::kServer);
  EXPECT_EQ(spans[0].context, call.trace);
  EXPECT_EQ(spans[0].context.trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(spans[0].parent_id, "b7ad6b7169203331");
  EXPECT_EQ(spans[0].name, "okr.notifications.v1.NotificationsService/ListNotifications");
  EXPECT_EQ(Text(spans[0], "rpc.method"), "ListNotifications");
  EXPECT_EQ(Text(spans[0], "okr.organization"), "acme");
  EXPECT_FALSE(spans[0].failed);
}

TEST_F(RpcSpanTest, ACallerThatIsNotSampledIsFollowedInThat) {
  server_.options.gate.trace_sample_ratio = 1;
  EXPECT_FALSE(List(kUnsampled).trace.sampled);
  EXPECT_THAT(kept_.Await(0), IsEmpty());
}

TEST_F(RpcSpanTest, ACallWithoutATraceBeginsOneIfTheRatioSaysSo) {
  server_.options.gate.trace_sample_ratio = 1;
  EXPECT_TRUE(List(nullptr).trace.sampled);
  EXPECT_EQ(kept_.Await(1)[0].parent_id, "");
}

TEST_F(RpcSpanTest, ACallWithoutATraceIsNotSampledIfTheRatioIsZero) {
  EXPECT_FALSE(List(nullptr).trace.sampled);
  EXPECT_THAT(kept_.Await(0), IsEmpty());
}

TEST_F(RpcSpanTest, OnlyAFaultOfTheServerIsAFailure) {
  server_.list = [](const std::shared_ptr<ListCall>& call) {
    call->Finish(InvalidFields({{"page_size", "is negative"}}));
  };
  List(kTraceparent);
  EXPECT_FALSE(kept_.Await(1)[0].failed);
  EXPECT_EQ(Text(kept_.Await(1)[0], "error.type"), "INVALID_FIELDS");
}

TEST_F(RpcSpanTest, ADefectIsAFailure) {
  server_.list = [](const std::shared_ptr<ListCall>& call) {
    call->Finish(absl::InternalError("broken"));
  };
  List(kTraceparent);
  EXPECT_TRUE(kept_.Await(1)[0].failed);
}

TEST_F(RpcSpanTest, ACallToAnotherServiceStandsBetweenCallerAndServer) {
  ASSERT_OK(server_.Start());
  Channel channel(server_.server().InProcessChannel(),
                  {.token = [] { return std::string(kAnn); }, .tracer = &tracer_});
  const TraceContext trace = *ParseTraceparent(kTraceparent);
  ASSERT_OK((CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
      channel, kList, ListOf("organizations/acme/people/ann"), {.trace = trace})));
  auto spans = kept_.Await(2);
  if (spans[0].kind == trace::Kind::kClient) std::swap(spans[0], spans[1]);
  EXPECT_EQ(spans[1].kind, trace::Kind::kClient);
  EXPECT_EQ(spans[1].parent_id, trace.span_id);
  EXPECT_EQ(spans[1].name, spans[0].name);
  EXPECT_EQ(spans[0].parent_id, spans[1].context.span_id);
  EXPECT_EQ(spans[0].context.trace_id, trace.trace_id);
}

}  // namespace
}  // namespace okr::rpc
