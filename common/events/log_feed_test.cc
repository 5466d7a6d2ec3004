#include "common/events/log_feed.h"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/events_fixture.h"
#include "common/events/relay.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using testing::HasReason;

// Takes what a subscription delivers; can hold it up.
class Reader : public std::enable_shared_from_this<Reader> {
 public:
  SubscriptionOptions Options(LogFilter filter, std::optional<LogPosition> after,
                              bool from_beginning) {
    return {
        .filter = std::move(filter),
        .after = after,
        .from_beginning = from_beginning,
        .deliver = [self = shared_from_this()](
                       const Delivery& delivery,
                       SubscriptionOptions::Done done) { self->Take(delivery, std::move(done)); },
        .ended =
            [self = shared_from_this()](const absl::Status& status) {
              const std::lock_guard lock(self->mutex_);
              self->ended_ = status;
            }};
  }

  std::vector<int64_t> positions() {
    const std::lock_guard lock(mutex_);
    return positions_;
  }
  int heart_beats() {
    const std::lock_guard lock(mutex_);
    return heart_beats_;
  }
  int64_t last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  absl::Status ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }
  // Deliveries are taken, but not done, until Release.
  void Hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  void Release() {
    SubscriptionOptions::Done held;
    {
      const std::lock_guard lock(mutex_);
      holding_ = false;
      held.swap(held_);
    }
    if (held) held(true);
  }

 private:
  void Take(const Delivery& delivery, SubscriptionOptions::Done done) {
    {
      const std::lock_guard lock(mutex_);
      if (delivery.event == nullptr) {
        ++heart_beats_;
      } else {
        EXPECT_EQ(delivery.event->position().position(), delivery.position.position);
        positions_.push_back(delivery.position.position);
      }
      last_ = delivery.position.position;
      if (holding_) {
        held_ = std::move(done);
        return;
      }
    }
    done(true);
  }

  std::mutex mutex_;
  std::vector<int64_t> positions_;
  int heart_beats_ = 0;
  int64_t last_ = -1;
  bool holding_ = false;
  SubscriptionOptions::Done held_;
  absl::Status ended_;
};

std::vector<int64_t> FromTo(int64_t first, int64_t last) {
  std::vector<int64_t> positions;
  for (int64_t i = first; i <= last; ++i) positions.push_back(i);
  return positions;
}

class LogFeedTest : public ::testing::Test {
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
  }

  void MakeFeed(size_t recent = 1000, absl::Duration heart_beat = absl::Seconds(15)) {
    feed_ = std::make_unique<LogFeed>(LogFeedOptions{.source = "goals",
                                                     .database = database_->relay(),
                                                     .redis = redis_->options(),
                                                     .recent = recent,
                                                     .heart_beat = heart_beat,
                                                     .poll_interval = absl::Milliseconds(20),
                                                     .check_interval = absl::Milliseconds(100),
                                                     .block = absl::Milliseconds(50)});
    feed_->Start();
  }

  std::shared_ptr<LogSubscription> Subscribe(const std::shared_ptr<Reader>& reader,
                                             LogFilter filter = {},
                                             std::optional<LogPosition> after = std::nullopt,
                                             bool from_beginning = true) {
    return feed_->Subscribe(reader->Options(std::move(filter), after, from_beginning));
  }

  LogPosition At(int64_t position) {
    return {.epoch = std::stoll(database_->Query("SELECT epoch::text FROM log_heads")[0]),
            .position = position};
  }

  std::unique_ptr<ServiceDatabase> database_;
  std::unique_ptr<testing::PrivateRedis> redis_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<LogFeed> feed_;
};

TEST_F(LogFeedTest, DeliversHistoryAndThenWhatHappens) {
  database_->AppendMany(0, 1200);
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader);
  ASSERT_TRUE(Eventually([&] { return reader->positions() == FromTo(1, 1200); }));
  database_->AppendMany(0, 3);
  EXPECT_TRUE(Eventually([&] { return reader->positions() == FromTo(1, 1203); }));
  subscription->Cancel();
}

TEST_F(LogFeedTest, BeginsAfterAPositionOrNow) {
  database_->AppendMany(0, 5);
  MakeFeed();
  const auto after = std::make_shared<Reader>();
  const auto now = std::make_shared<Reader>();
  const auto one = Subscribe(after, {}, At(3));
  const auto two = Subscribe(now, {}, std::nullopt, false);
  ASSERT_TRUE(Eventually([&] { return now->last() == 5 && after->last() == 5; }));
  database_->AppendMany(0, 1);
  EXPECT_TRUE(Eventually([&] { return after->positions() == FromTo(4, 6); }));
  EXPECT_TRUE(Eventually([&] { return now->positions() == FromTo(6, 6); }));
}

TEST_F(LogFeedTest, MissesNothingThatHappenedWhileNobodyWatched) {
  MakeFeed();
  for (int64_t last = 3; last <= 12; last += 3) {
    const auto reader = std::make_shared<Reader>();
    const auto subscription = Subscribe(reader);
    relay_->Notify(0, database_->AppendMany(0, 3));
    EXPECT_TRUE(Eventually([&] { return reader->positions() == FromTo(1, last); })) << last;
    subscription->Cancel();
  }
}

TEST_F(LogFeedTest, RefusesAPositionThatTheLogDoesNotHave) {
  database_->AppendMany(0, 5);
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader, {}, At(6));
  EXPECT_TRUE(Eventually([&] { return !reader->ended().ok(); }));
  EXPECT_THAT(reader->ended(), HasReason("POSITION_UNKNOWN"));
}

TEST_F(LogFeedTest, RefusesAShardThatDoesNotExist) {
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader, {.shard = 99});
  EXPECT_TRUE(Eventually([&] { return !reader->ended().ok(); }));
  EXPECT_THAT(reader->ended(), HasReason("INVALID_FIELDS"));
}

TEST_F(LogFeedTest, HasNoGapAndNoRepeatAtTheSeamUnderConcurrentWrites) {
  MakeFeed(/*recent=*/50);
  std::thread writer([&] {
    for (int i = 0; i < 120; ++i) {
      relay_->Notify(0, database_->AppendMany(0, 1 + i % 5));
    }
  });
  std::vector<std::shared_ptr<Reader>> readers;
  std::vector<std::shared_ptr<LogSubscription>> subscriptions;
  for (int i = 0; i < 20; ++i) {
    readers.push_back(std::make_shared<Reader>());
    subscriptions.push_back(Subscribe(readers.back()));
    ASSERT_TRUE(Eventually([&] { return readers.back()->last() >= 0; }));
  }
  writer.join();
  const int64_t last = database_->AppendMany(0, 1);
  for (const auto& reader : readers) {
    EXPECT_TRUE(Eventually([&] { return reader->last() == last; }));
    EXPECT_EQ(reader->positions(), FromTo(1, last));
  }
}

TEST_F(LogFeedTest, DeliversOnlyWhatTheFilterLetsPass) {
  database_->Append(0, {{.subject = "organizations/acme/objectives/a", .type = "A"},
                        {.subject = "organizations/acme/objectives/b", .type = "B"},
                        {.subject = "organizations/other/objectives/a", .type = "A"}});
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription =
      Subscribe(reader, {.types = {"A"}, .accepts = [](const v1::Event& event) {
                           return event.organization() != "organizations/other";
                         }});
  ASSERT_TRUE(Eventually([&] { return reader->positions() == FromTo(1, 1); }));
  database_->Append(0, {{.type = "B"}, {.type = "A"}});
  EXPECT_TRUE(Eventually([&] { return reader->positions() == (std::vector<int64_t>{1, 5}); }));
}

TEST_F(LogFeedTest, SlowReaderFallsBackToHistoryAndMissesNothing) {
  MakeFeed(/*recent=*/10);
  const auto reader = std::make_shared<Reader>();
  reader->Hold();
  const auto subscription = Subscribe(reader);
  ASSERT_TRUE(Eventually([&] { return reader->heart_beats() == 1; }));
  const int64_t last = database_->AppendMany(0, 300);
  const auto quick = std::make_shared<Reader>();
  const auto other = Subscribe(quick);
  ASSERT_TRUE(Eventually([&] { return quick->last() == last; }));
  EXPECT_TRUE(reader->positions().empty());
  reader->Release();
  EXPECT_TRUE(Eventually([&] { return reader->positions() == FromTo(1, last); }));
}

TEST_F(LogFeedTest, GoesOnWithoutRedis) {
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader);
  database_->AppendMany(0, 1);
  ASSERT_TRUE(Eventually([&] { return reader->last() == 1; }));
  ASSERT_OK(redis_->Kill());
  database_->AppendMany(0, 2);
  ASSERT_TRUE(Eventually([&] { return reader->last() == 3; }));
  ASSERT_OK(redis_->Start());
  database_->AppendMany(0, 2);
  EXPECT_TRUE(Eventually([&] { return reader->positions() == FromTo(1, 5); }));
}

TEST_F(LogFeedTest, GoesOnWhenItsDatabaseSessionsWereEnded) {
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader);
  ASSERT_TRUE(Eventually([&] { return reader->last() == 0; }));
  database_->Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND pid <> pg_backend_pid()");
  database_->AppendMany(0, 2);
  EXPECT_TRUE(Eventually([&] { return reader->positions() == FromTo(1, 2); }));
}

TEST_F(LogFeedTest, SendsHeartBeatsWhileNothingHappens) {
  MakeFeed(/*recent=*/10, /*heart_beat=*/absl::Milliseconds(50));
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader, {.types = {"none"}});
  database_->AppendMany(0, 2);
  ASSERT_TRUE(Eventually([&] { return reader->heart_beats() >= 4; }));
  // They tell how far the log was looked through.
  EXPECT_TRUE(Eventually([&] { return reader->last() == 2; }));
}

TEST_F(LogFeedTest, DeliversNothingAfterCancel) {
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader);
  ASSERT_TRUE(Eventually([&] { return reader->last() == 0; }));
  subscription->Cancel();
  const auto other = std::make_shared<Reader>();
  const auto second = Subscribe(other);
  database_->AppendMany(0, 1);
  ASSERT_TRUE(Eventually([&] { return other->last() == 1; }));
  EXPECT_TRUE(reader->positions().empty());
}

TEST_F(LogFeedTest, StopEndsTheSubscriptions) {
  MakeFeed();
  const auto reader = std::make_shared<Reader>();
  const auto subscription = Subscribe(reader);
  ASSERT_TRUE(Eventually([&] { return reader->last() == 0; }));
  feed_->Stop();
  EXPECT_THAT(reader->ended(), HasReason("SHUTTING_DOWN"));
}

}  // namespace
}  // namespace okr::events
