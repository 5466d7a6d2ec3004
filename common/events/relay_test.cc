#include "common/events/relay.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/events_fixture.h"
#include "common/redis/streams.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::events {
namespace {

class RelayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = ServiceDatabase::Make();
    ASSERT_NE(database_, nullptr);
    ASSERT_OK_AND_ASSIGN(redis_, testing::PrivateRedis::Make());
    NewClient();
  }

  void NewClient() {
    client_ =
        std::make_unique<redis::Client>(redis::ClientOptions{.connection = redis_->options()});
  }

  std::unique_ptr<Relay> MakeRelay(int batch = 500) {
    auto relay = std::make_unique<Relay>(RelayOptions{.source = "goals",
                                                      .database = database_->relay(),
                                                      .redis = redis_->options(),
                                                      .poll_interval = absl::Milliseconds(50),
                                                      .batch = batch});
    relay->Start();
    return relay;
  }

  // Positions of the stream's entries, in its order; empty if Redis cannot be asked.
  std::vector<int64_t> Published(int32_t shard) {
    const auto entries = redis::XRead(
        *client_, {{.stream = StreamName("goals", shard), .last_id = "0-0"}}, 100'000, {});
    std::vector<int64_t> positions;
    if (!entries.ok()) return positions;
    for (const redis::StreamEntry& entry : *entries) {
      okr::events::v1::Event event;
      const auto at = LogPosition::FromEntryId(entry.id);
      const auto bytes = entry.Field("e");
      EXPECT_TRUE(at && bytes && event.ParseFromArray(bytes->data(), bytes->size()));
      EXPECT_EQ(PositionOf(event), *at);
      positions.push_back(at->position);
    }
    return positions;
  }

  // Whether the stream holds 1, 2, ... `count`.
  bool HasExactly(int32_t shard, int64_t count) {
    const std::vector<int64_t> positions = Published(shard);
    if (static_cast<int64_t>(positions.size()) != count) return false;
    for (int64_t i = 0; i < count; ++i) {
      if (positions[i] != i + 1) return false;
    }
    return true;
  }

  static std::string TroubleOf(const Relay& relay, size_t shard) {
    const Relay::State state = relay.state();
    return state.shards.size() > shard ? state.shards[shard].trouble : "";
  }

  std::unique_ptr<ServiceDatabase> database_;
  std::unique_ptr<testing::PrivateRedis> redis_;
  std::unique_ptr<redis::Client> client_;
};

TEST_F(RelayTest, PublishesEveryShardFromItsBeginning) {
  database_->AppendMany(0, 7);
  database_->AppendMany(1, 3);
  const auto relay = MakeRelay(2);
  EXPECT_TRUE(Eventually([&] { return HasExactly(0, 7) && HasExactly(1, 3); }));
}

TEST_F(RelayTest, PublishesEventsAsTheLogHasThem) {
  database_->Append(0, {{.subject = "organizations/acme/objectives/x", .type = "some.Type"}});
  const auto relay = MakeRelay();
  ASSERT_TRUE(Eventually([&] { return HasExactly(0, 1); }));
  ASSERT_OK_AND_ASSIGN(const auto last, redis::XRangeLast(*client_, StreamName("goals", 0)));
  okr::events::v1::Event event;
  ASSERT_TRUE(event.ParseFromString(std::string(*last->Field("e"))));
  EXPECT_EQ(event.type(), "some.Type");
  EXPECT_EQ(event.subject(), "organizations/acme/objectives/x");
  EXPECT_EQ(event.organization(), "organizations/acme");
  EXPECT_EQ(event.position().source(), "goals");
  EXPECT_EQ(event.actor(), "people/ann");
  EXPECT_EQ(event.id().size(), 36u);
}

TEST_F(RelayTest, ShowsWhatItHasPublishedAndWhatWaits) {
  database_->AppendMany(1, 5);
  const auto relay = MakeRelay();
  ASSERT_TRUE(Eventually([&] { return HasExactly(1, 5); }));
  const auto shows = [&](int64_t lag, int64_t published) {
    const Relay::State state = relay->state();
    return state.shards.size() == kShards && state.shards[1].lag == lag &&
           state.shards[1].behind_since.has_value() == (lag > 0) &&
           state.shards[1].published_events == published && state.shards[0].lag == 0;
  };
  EXPECT_TRUE(Eventually([&] { return shows(0, 5); }));
  // Without Redis it still looks at the log.
  ASSERT_OK(redis_->Kill());
  database_->AppendMany(1, 3);
  EXPECT_TRUE(Eventually([&] { return shows(3, 5); }));
  EXPECT_FALSE(relay->state().redis.ok());
  // It comes back empty.
  ASSERT_OK(redis_->Start());
  EXPECT_TRUE(Eventually([&] { return shows(0, 13); }));
  EXPECT_TRUE(HasExactly(1, 8));
}

TEST_F(RelayTest, IsWokenByANotification) {
  Relay relay({.source = "goals",
               .database = database_->relay(),
               .redis = redis_->options(),
               .poll_interval = absl::Hours(1)});
  relay.Start();
  ASSERT_TRUE(Eventually([&] { return relay.state().shards.size() == kShards; }));
  relay.Notify(1, database_->AppendMany(1, 2));
  EXPECT_TRUE(Eventually([&] { return HasExactly(1, 2); }));
}

TEST_F(RelayTest, TwoAtOnceWriteNoGapAndNoRepeat) {
  const auto one = MakeRelay(3);
  const auto two = MakeRelay(5);
  for (int i = 0; i < 60; ++i) {
    const int64_t position = database_->AppendMany(0, 1 + i % 4);
    one->Notify(0, position);
    two->Notify(0, position);
  }
  const int64_t last = database_->AppendMany(0, 1);
  EXPECT_TRUE(Eventually([&] { return HasExactly(0, last); })) << Published(0).size();
}

TEST_F(RelayTest, FillsAnEmptiedStreamAgain) {
  database_->AppendMany(0, 25);
  const auto relay = MakeRelay(10);
  ASSERT_TRUE(Eventually([&] { return HasExactly(0, 25); }));
  ASSERT_OK(client_->Command({"FLUSHALL"}));
  EXPECT_TRUE(Eventually([&] { return HasExactly(0, 25); }));
  database_->AppendMany(0, 1);
  EXPECT_TRUE(Eventually([&] { return HasExactly(0, 26); }));
}

TEST_F(RelayTest, GoesOnWhenRedisComesBack) {
  database_->AppendMany(0, 5);
  const auto relay = MakeRelay();
  ASSERT_TRUE(Eventually([&] { return HasExactly(0, 5); }));
  ASSERT_OK(redis_->Kill());
  database_->AppendMany(0, 5);
  ASSERT_TRUE(Eventually([&] { return !relay->state().redis.ok(); }));
  ASSERT_OK(redis_->Start());
  NewClient();
  EXPECT_TRUE(Eventually([&] { return HasExactly(0, 10); }));
  EXPECT_TRUE(Eventually([&] { return relay->state().redis.ok(); }));
}

TEST_F(RelayTest, GoesOnWhenItsDatabaseSessionWasEnded) {
  const auto relay = MakeRelay();
  ASSERT_TRUE(Eventually([&] { return relay->state().shards.size() == kShards; }));
  database_->Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND pid <> pg_backend_pid()");
  database_->AppendMany(1, 3);
  EXPECT_TRUE(Eventually([&] { return HasExactly(1, 3); }));
}

TEST_F(RelayTest, StopsWithinASecondOrSoWhileRedisHangs) {
  const auto relay = MakeRelay();
  ASSERT_TRUE(Eventually([&] { return relay->state().redis.ok(); }));
  redis_->Pause();
  database_->AppendMany(0, 1);
  ASSERT_TRUE(Eventually([&] { return !relay->state().redis.ok(); }));
  const absl::Time begin = absl::Now();
  relay->Stop();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
  redis_->Resume();
}

TEST_F(RelayTest, RefusesAStreamThatIsBeyondTheLog) {
  database_->AppendMany(0, 2);
  auto relay = MakeRelay();
  ASSERT_TRUE(Eventually([&] { return HasExactly(0, 2); }));
  relay.reset();
  database_->Run(
      "DELETE FROM event_log WHERE position = 2; UPDATE log_heads SET position = 1 WHERE shard = "
      "0");
  relay = MakeRelay();
  EXPECT_TRUE(Eventually([&] { return absl::StrContains(TroubleOf(*relay, 0), "beyond"); }));
  EXPECT_EQ(TroubleOf(*relay, 1), "");
}

TEST_F(RelayTest, RefusesAStreamWhoseHeadIsAnotherEvent) {
  database_->AppendMany(0, 2);
  auto relay = MakeRelay();
  ASSERT_TRUE(Eventually([&] { return HasExactly(0, 2); }));
  relay.reset();
  database_->Run("UPDATE event_log SET event_id = gen_random_uuid() WHERE position = 2");
  database_->AppendMany(0, 1);
  relay = MakeRelay();
  EXPECT_TRUE(Eventually([&] { return absl::StrContains(TroubleOf(*relay, 0), "has id"); }));
  EXPECT_TRUE(HasExactly(0, 2));
}

TEST_F(RelayTest, RefusesAStreamOfAnotherEpoch) {
  ASSERT_OK(client_->Command({"XADD", StreamName("goals", 0), "9999999999-1", "e", ""}));
  database_->AppendMany(0, 1);
  const auto relay = MakeRelay();
  EXPECT_TRUE(Eventually([&] { return absl::StrContains(TroubleOf(*relay, 0), "another epoch"); }));
}

TEST_F(RelayTest, TellsThatRedisMayDropEvents) {
  ASSERT_OK(client_->Command({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}));
  const auto relay = MakeRelay();
  EXPECT_TRUE(Eventually([&] { return absl::IsFailedPrecondition(relay->state().redis_policy); }));
}

TEST_F(RelayTest, MakesPartitionsAheadOfTheLog) {
  database_->Run("UPDATE log_heads SET position = 25000000 WHERE shard = 1");
  const auto relay = MakeRelay();
  EXPECT_TRUE(Eventually([&] {
    return database_->Query(
               "SELECT count(*)::text FROM pg_inherits WHERE inhparent = "
               "'event_log'::regclass") == std::vector<std::string>{"4"};
  }));
}

std::vector<okr::events::v1::Event> EventsFrom(int64_t first, int count) {
  std::vector<okr::events::v1::Event> events(count);
  for (int i = 0; i < count; ++i) {
    *events[i].mutable_position() = ToProto("goals", 0, {.epoch = 5, .position = first + i});
  }
  return events;
}

TEST_F(RelayTest, AppendRefusesAWrongPredecessor) {
  StreamWriter writer(redis_->options(), "goals");
  ASSERT_OK_AND_ASSIGN(const LogPosition third, writer.Append(0, {}, EventsFrom(1, 3)));
  EXPECT_EQ(third, (LogPosition{.epoch = 5, .position = 3}));
  // Of a relay that is behind, and of one that would leave a gap.
  EXPECT_EQ(writer.Append(0, {.epoch = 5, .position = 2}, EventsFrom(3, 2)).value(), third);
  EXPECT_EQ(writer.Append(0, {.epoch = 5, .position = 4}, EventsFrom(5, 2)).value(), third);
  EXPECT_EQ(writer.Append(0, {}, EventsFrom(1, 9)).value(), third);
  EXPECT_TRUE(HasExactly(0, 3));
}

TEST_F(RelayTest, AppendRemembersTheHeadOfATrimmedStream) {
  StreamWriter writer(redis_->options(), "goals");
  ASSERT_OK_AND_ASSIGN(const LogPosition third, writer.Append(0, {}, EventsFrom(1, 3)));
  ASSERT_OK(client_->Command({"XTRIM", StreamName("goals", 0), "MAXLEN", "0"}));
  EXPECT_EQ(writer.Append(0, {}, EventsFrom(1, 3)).value(), third);
  EXPECT_EQ(writer.Append(0, third, EventsFrom(4, 1)).value().position, 4);
}

}  // namespace
}  // namespace okr::events
