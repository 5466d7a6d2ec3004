// Server streams.
#include <atomic>
#include <thread>

#include "common/rpc/consistency_token.h"
#include "common/rpc/test_stream.h"

namespace okr::rpc {
namespace {

using absl::StatusCode;
using testing::HasCode;
using testing::HasReason;

SubscribeResponse ResponseAt(int64_t position) {
  SubscribeResponse response;
  response.mutable_position()->set_position(position);
  return response;
}

// Sends the positions from `position` to `last`, each when the one before was taken.
void SendFrom(const std::shared_ptr<SubscribeCall>& call, int64_t position, int64_t last) {
  if (position > last) return call->Finish(absl::OkStatus());
  call->WriteAsync(ResponseAt(position), [call, position, last](bool ok) {
    if (ok) SendFrom(call, position + 1, last);
  });
}

class StreamTest : public ::testing::Test {
 protected:
  // Starts a server whose handler only gives the stream to the test.
  void StartAndSeeStream() {
    server_.subscribe = [this](std::shared_ptr<SubscribeCall> call) { seen_.Set(std::move(call)); };
    ASSERT_OK(server_.Start());
  }
  TestStream Subscribe(const Sent& sent = {}) {
    SubscribeRequest request;
    request.mutable_filter()->set_organization("organizations/acme");
    return {server_.channel(), kSubscribe, request.SerializeAsString(), sent};
  }

  Slot<std::shared_ptr<SubscribeCall>> seen_;
  TestServer server_;
};

TEST_F(StreamTest, SendsMessagesInOrder) {
  server_.subscribe = [](const std::shared_ptr<SubscribeCall>& call) { SendFrom(call, 1, 200); };
  ASSERT_OK(server_.Start());
  TestStream stream = Subscribe();
  for (int64_t expected = 1; expected <= 200; ++expected) {
    const auto response = stream.Next<SubscribeResponse>();
    ASSERT_TRUE(response.has_value());
    ASSERT_EQ(response->position().position(), expected);
  }
  EXPECT_FALSE(stream.Next<SubscribeResponse>().has_value());
  EXPECT_OK(stream.Finish());
}

TEST_F(StreamTest, GivesTheHandlersError) {
  server_.subscribe = [](const std::shared_ptr<SubscribeCall>& call) {
    call->Finish(MakeError(StatusCode::kOutOfRange, "later", {.reason = "POSITION_UNKNOWN"}));
  };
  ASSERT_OK(server_.Start());
  EXPECT_THAT(Subscribe().Finish(), HasReason("POSITION_UNKNOWN"));
}

TEST_F(StreamTest, HasTheGateBeforeIt) {
  ASSERT_OK(server_.Start());
  EXPECT_THAT(Subscribe({.token = ""}).Finish(), HasReason("TOKEN_MISSING"));
  EXPECT_THAT(Subscribe({.token = "globex bob ADMIN"}).Finish(), HasReason("WRONG_ORGANIZATION"));
}

TEST_F(StreamTest, HasNoDeadlineButTheClients) {
  StartAndSeeStream();
  TestStream stream = Subscribe({.timeout = absl::Hours(2)});
  const auto call = seen_.Wait();
  EXPECT_GT(call->call().deadline - call->call().now, absl::Hours(1));
  call->Finish(absl::OkStatus());
  EXPECT_OK(stream.Finish());
}

TEST_F(StreamTest, SendsTheStatusAfterTheMessageUnderWay) {
  server_.subscribe = [](const std::shared_ptr<SubscribeCall>& call) {
    call->WriteAsync(ResponseAt(5), [](bool) {});
    call->Finish(absl::OkStatus());
  };
  ASSERT_OK(server_.Start());
  TestStream stream = Subscribe();
  EXPECT_TRUE(stream.Next<SubscribeResponse>().has_value());
  EXPECT_FALSE(stream.Next<SubscribeResponse>().has_value());
  EXPECT_OK(stream.Finish());
}

TEST_F(StreamTest, RefusesAMessageWhileOneIsUnderWay) {
  std::atomic<int> refused{0};
  server_.subscribe = [&refused](const std::shared_ptr<SubscribeCall>& call) {
    call->WriteAsync(ResponseAt(1), [](bool) {});
    call->WriteAsync(ResponseAt(2), [&refused](bool ok) { refused += ok ? 0 : 1; });
    call->Finish(absl::OkStatus());
  };
  ASSERT_OK(server_.Start());
  TestStream stream = Subscribe();
  EXPECT_EQ(stream.Next<SubscribeResponse>()->position().position(), 1);
  EXPECT_FALSE(stream.Next<SubscribeResponse>().has_value());
  EXPECT_EQ(refused, 1);
}

TEST_F(StreamTest, RefusesAMessageAfterTheEnd) {
  StartAndSeeStream();
  TestStream stream = Subscribe();
  const auto call = seen_.Wait();
  call->Finish(absl::OkStatus());
  bool written = true;
  call->WriteAsync(ResponseAt(1), [&written](bool ok) { written = ok; });
  EXPECT_FALSE(written);
  EXPECT_TRUE(call->cancelled());
}

TEST_F(StreamTest, TellsWhenTheClientCancels) {
  StartAndSeeStream();
  TestStream stream = Subscribe();
  const auto call = seen_.Wait();
  Event over;
  call->OnCancel([&over] { over.Set(); });
  EXPECT_FALSE(call->cancelled());
  stream.Cancel();
  EXPECT_TRUE(over.WaitFor(kPatience));
  EXPECT_TRUE(call->cancelled());
}

TEST_F(StreamTest, TellsAtOnceWhenTheClientHadCancelled) {
  StartAndSeeStream();
  TestStream stream = Subscribe();
  const auto call = seen_.Wait();
  Event over;
  call->OnCancel([&over] { over.Set(); });
  stream.Cancel();
  ASSERT_TRUE(over.WaitFor(kPatience));
  bool told = false;
  call->OnCancel([&told] { told = true; });
  EXPECT_TRUE(told);
}

TEST_F(StreamTest, TellsWhenTheDeadlinePassed) {
  StartAndSeeStream();
  TestStream stream = Subscribe({.timeout = absl::Seconds(1)});
  const auto call = seen_.Wait();
  Event over;
  call->OnCancel([&over] { over.Set(); });
  EXPECT_TRUE(over.WaitFor(kPatience));
  EXPECT_THAT(stream.Finish(), HasCode(StatusCode::kDeadlineExceeded));
}

TEST_F(StreamTest, SlowsTheWriterDownWhenNobodyReads) {
  StartAndSeeStream();
  TestStream stream = Subscribe();
  const auto call = seen_.Wait();
  Event over;
  call->OnCancel([&over] { over.Set(); });
  SubscribeResponse large = ResponseAt(1);
  large.mutable_event()->set_subject(std::string(1 << 20, 'x'));
  // 100 MB would be taken at once if there were no back-pressure.
  std::atomic<int> taken{0};
  Event refused;
  std::function<void(bool)> next = [&](bool ok) {
    if (!ok) return refused.Set();
    if (++taken <= 100) call->WriteAsync(large, next);
  };
  call->WriteAsync(large, next);
  stream.Cancel();
  ASSERT_TRUE(over.WaitFor(kPatience));
  ASSERT_TRUE(refused.WaitFor(kPatience));
  EXPECT_LT(taken, 100);
}

TEST_F(StreamTest, EndsAStreamThatTheHandlerDropped) {
  server_.subscribe = [](const std::shared_ptr<SubscribeCall>&) {};
  ASSERT_OK(server_.Start());
  EXPECT_THAT(Subscribe().Finish(), HasReason("INTERNAL"));
}

TEST_F(StreamTest, EndsWhenTheServerStops) {
  StartAndSeeStream();
  TestStream stream = Subscribe();
  const auto call = seen_.Wait();
  Event over;
  call->OnCancel([&over] { over.Set(); });
  server_.server().Shutdown();
  EXPECT_TRUE(over.IsSet());
  EXPECT_THAT(stream.Finish(), HasReason("SHUTTING_DOWN"));
}

TEST_F(StreamTest, TellsAtItsEndWhereToGoOnAfterWhatWasSent) {
  StartAndSeeStream();
  TestStream stream = Subscribe();
  const auto call = seen_.Wait();
  Event sent;
  call->WriteAsync(
      ResponseAt(1), [&sent](bool) { sent.Set(); }, "goals:1:0:1");
  ASSERT_TRUE(sent.WaitFor(kPatience));
  Event sent_too;
  call->WriteAsync(ResponseAt(2), [&sent_too](bool) { sent_too.Set(); });
  ASSERT_TRUE(sent_too.WaitFor(kPatience));
  server_.server().Shutdown();
  while (stream.Next<SubscribeResponse>()) continue;
  EXPECT_THAT(stream.Finish(), HasReason("SHUTTING_DOWN"));
  EXPECT_EQ(stream.Trailing(kResumeAfterKey), "goals:1:0:1");
}

TEST_F(StreamTest, TellsNoPlaceWhereNoneWasGiven) {
  StartAndSeeStream();
  TestStream stream = Subscribe();
  seen_.Wait()->Finish(absl::OkStatus());
  EXPECT_FALSE(stream.Next<SubscribeResponse>().has_value());
  EXPECT_OK(stream.Finish());
  EXPECT_EQ(stream.Trailing(kResumeAfterKey), "");
}

TEST_F(StreamTest, MayHoldItselfUntilItIsOver) {
  std::weak_ptr<SubscribeCall> weak;
  StartAndSeeStream();
  TestStream stream = Subscribe();
  {
    const auto call = seen_.Wait();
    weak = call;
    call->OnCancel([call] {});
  }
  EXPECT_FALSE(weak.expired());
  server_.server().Shutdown();
  EXPECT_TRUE(weak.expired());
}

}  // namespace
}  // namespace okr::rpc
