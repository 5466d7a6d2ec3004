#include "absl/time/clock.h"
#include "common/events/consumer_fixture.h"
#include "common/rpc/event.h"

namespace okr::events {
namespace {

using testing::HasCode;
using testing::HasReason;

// Waits for a consistency token and tells how that ended.
absl::Status Await(Consumer& consumer, const LogPosition& at, absl::Duration patience) {
  rpc::Event called;
  absl::Status result;
  consumer.WaitFor(0, at, absl::Now() + patience, [&](absl::Status status) {
    result = std::move(status);
    called.Set();
  });
  called.Wait();
  return result;
}

TEST_F(ConsumerTest, WaitForEndsWhenThePositionIsReached) {
  const auto relay = MakeRelay();
  const auto consumer = MakeConsumer(handler_);
  const int64_t position = owner_->AppendMany(0, 3);
  ASSERT_OK_AND_ASSIGN(const LogPosition head, source_->GetHead(0));
  EXPECT_OK(Await(*consumer, head, absl::Seconds(20)));
  EXPECT_EQ(Applied(0), TextOf(OneTo(position)));
}

TEST_F(ConsumerTest, WaitForOfAnEmptyLogEndsAtOnce) {
  ASSERT_OK_AND_ASSIGN(const LogPosition head, source_->GetHead(0));
  ASSERT_EQ(head.position, 0);
  Consumer idle(Options(), handler_, *source_);  // Never started.
  EXPECT_OK(Await(idle, head, absl::ZeroDuration()));
}

TEST_F(ConsumerTest, HasNoLagInAnEmptyLog) {
  const auto consumer = MakeConsumer(handler_);
  owner_->AppendMany(1, 1);
  ASSERT_TRUE(Eventually([&] { return AppliedAll(1, 1); }));
  EXPECT_EQ(consumer->Lags()[0].duration, absl::ZeroDuration());
}

TEST_F(ConsumerTest, WaitForSeesWhatAnotherReplicaApplied) {
  ConsumerOptions options = Options();
  Consumer idle(options, handler_, *source_);  // Never started.
  RecordingHandler other_handler;
  const auto other = MakeConsumer(other_handler);
  owner_->AppendMany(0, 2);
  ASSERT_OK_AND_ASSIGN(const LogPosition head, source_->GetHead(0));
  EXPECT_OK(Await(idle, head, absl::Seconds(20)));
}

TEST_F(ConsumerTest, WaitForEndsAtItsDeadline) {
  const auto consumer = MakeConsumer(handler_);
  const absl::Status status =
      Await(*consumer, {.epoch = 9'999'999'999, .position = 5}, absl::Milliseconds(30));
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(status, HasReason("STATE_NOT_REACHED"));
}

TEST_F(ConsumerTest, StopEndsTheWaits) {
  const auto consumer = MakeConsumer(handler_);
  rpc::Event called;
  absl::Status result;
  consumer->WaitFor(0, {.epoch = 9'999'999'999, .position = 5}, absl::InfiniteFuture(),
                    [&](absl::Status status) {
                      result = std::move(status);
                      called.Set();
                    });
  consumer->Stop();
  called.Wait();
  EXPECT_THAT(result, HasReason("SHUTTING_DOWN"));
}

}  // namespace
}  // namespace okr::events
