#include "common/events/consumer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/events_fixture.h"
#include "common/events/relay.h"
#include "common/events/stream_writer.h"
#include "common/rpc/event.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using ::testing::ElementsAre;
using testing::HasCode;
using testing::HasReason;
using ::testing::IsEmpty;

constexpr postgres::Statement kInsert{
    "test.insert", "INSERT INTO applied (shard, position, subject) VALUES ($1, $2, $3)"};

// Writes what it is given into a table without keys, so that a repeat would show.
class RecordingHandler final : public Handler {
 public:
  absl::Status Apply(postgres::Transaction& transaction,
                     absl::Span<const v1::Event> events) override {
    const std::lock_guard lock(mutex_);
    if (!transient_.ok()) return transient_;
    for (const v1::Event& event : events) {
      if (poisonous_.contains(event.subject()) || poisoned_only_ == event.position().position()) {
        return absl::InvalidArgumentError("cannot be applied");
      }
      transaction.Enqueue(kInsert, postgres::Params()
                                       .Int32(event.position().shard())
                                       .Int64(event.position().position())
                                       .Text(event.subject()));
    }
    return absl::OkStatus();
  }
  void OnCommitted(absl::Span<const v1::Event> events) override { Tell(events); }
  void OnCommittedElsewhere(absl::Span<const v1::Event> events) override { Tell(events); }

  // Events of this subject cannot be applied.
  void Poison(const std::string& subject) {
    const std::lock_guard lock(mutex_);
    poisonous_.insert(subject);
  }
  void PoisonPosition(int64_t position) {
    const std::lock_guard lock(mutex_);
    poisoned_only_ = position;
  }
  void Heal() {
    const std::lock_guard lock(mutex_);
    poisonous_.clear();
    poisoned_only_.reset();
    transient_ = absl::OkStatus();
  }
  void FailWith(absl::Status status) {
    const std::lock_guard lock(mutex_);
    transient_ = std::move(status);
  }
  // Positions that were told of, in their order.
  std::vector<int64_t> Told(int32_t shard) {
    const std::lock_guard lock(mutex_);
    return told_[shard];
  }

 private:
  void Tell(absl::Span<const v1::Event> events) {
    const std::lock_guard lock(mutex_);
    for (const v1::Event& event : events) {
      told_[event.position().shard()].push_back(event.position().position());
    }
  }

  std::mutex mutex_;
  absl::Status transient_;
  std::set<std::string> poisonous_;
  std::optional<int64_t> poisoned_only_;
  std::map<int32_t, std::vector<int64_t>> told_;
};

std::vector<int64_t> OneTo(int64_t last) {
  std::vector<int64_t> positions(last);
  for (int64_t i = 0; i < last; ++i) positions[i] = i + 1;
  return positions;
}

std::vector<std::string> TextOf(const std::vector<int64_t>& numbers) {
  std::vector<std::string> texts;
  for (const int64_t number : numbers) texts.push_back(absl::StrCat(number));
  return texts;
}

class ConsumerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    owner_ = ServiceDatabase::Make();
    own_ = ServiceDatabase::Make();
    ASSERT_TRUE(owner_ != nullptr && own_ != nullptr);
    own_->Run(
        "CREATE TABLE applied (id bigserial, shard int, position bigint, subject text);"
        "GRANT SELECT, INSERT ON applied TO okr_events_test_runtime;"
        "GRANT USAGE ON SEQUENCE applied_id_seq TO okr_events_test_runtime");
    ASSERT_OK_AND_ASSIGN(redis_, testing::PrivateRedis::Make());
    source_ = std::make_unique<DirectLogSource>(owner_->relay(), "goals");
  }

  ConsumerOptions Options() const {
    return {.source = "goals",
            .database = own_->runtime(),
            .redis = redis_->options(),
            .redis_patience = absl::Milliseconds(100),
            .head_interval = absl::Milliseconds(100),
            .poll_interval = absl::Milliseconds(20),
            .block = absl::Milliseconds(50),
            .backoff = {.initial = absl::Milliseconds(10), .longest = absl::Milliseconds(50)}};
  }

  std::unique_ptr<Consumer> MakeConsumer(Handler& handler) {
    auto consumer = std::make_unique<Consumer>(Options(), handler, *source_);
    consumer->Start();
    return consumer;
  }

  std::unique_ptr<Relay> MakeRelay() {
    auto relay = std::make_unique<Relay>(RelayOptions{.source = "goals",
                                                      .database = owner_->relay(),
                                                      .redis = redis_->options(),
                                                      .poll_interval = absl::Milliseconds(20)});
    relay->Start();
    return relay;
  }

  // In the order in which they were applied.
  std::vector<std::string> Applied(int32_t shard) {
    return own_->Query(
        absl::StrCat("SELECT position::text FROM applied WHERE shard = ", shard, " ORDER BY id"));
  }
  std::vector<std::string> Parked() {
    return own_->Query("SELECT position::text FROM parked_events ORDER BY position");
  }
  std::string Position(int32_t shard) {
    const auto rows = own_->Query(
        absl::StrCat("SELECT position::text FROM consumer_positions WHERE shard = ", shard));
    return rows.empty() ? "" : rows[0];
  }
  bool AppliedAll(int32_t shard, int64_t last) {
    return Position(shard) == absl::StrCat(last) && Applied(shard) == TextOf(OneTo(last));
  }

  std::unique_ptr<ServiceDatabase> owner_;
  std::unique_ptr<ServiceDatabase> own_;
  std::unique_ptr<testing::PrivateRedis> redis_;
  std::unique_ptr<DirectLogSource> source_;
  RecordingHandler handler_;
};

TEST_F(ConsumerTest, AppliesEveryShardFromTheStreamInOrder) {
  owner_->AppendMany(0, 30);
  owner_->AppendMany(1, 5);
  const auto relay = MakeRelay();
  const auto consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 30) && AppliedAll(1, 5); }));
  EXPECT_EQ(handler_.Told(0), OneTo(30));
}

TEST_F(ConsumerTest, TwoAtOnceApplyEachEventOnce) {
  const auto relay = MakeRelay();
  RecordingHandler other_handler;
  const auto one = MakeConsumer(handler_);
  const auto two = MakeConsumer(other_handler);
  int64_t last = 0;
  for (int i = 0; i < 50; ++i) {
    last = owner_->AppendMany(0, 1 + i % 5);
    relay->Notify(0, last);
  }
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, last); }));
  // Each process is told of every event, whoever applied it.
  EXPECT_TRUE(Eventually([&] { return handler_.Told(0) == OneTo(last); }));
  EXPECT_TRUE(Eventually([&] { return other_handler.Told(0) == OneTo(last); }));
}

TEST_F(ConsumerTest, GoesOnWhereItStoppedAndIgnoresWhatItHad) {
  const auto relay = MakeRelay();
  owner_->AppendMany(0, 10);
  auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return AppliedAll(0, 10); }));
  consumer.reset();
  // The stream is delivered again from its beginning, beside what is new.
  redis::Client client({.connection = redis_->options()});
  ASSERT_OK(client.Command({"FLUSHALL"}));
  owner_->AppendMany(0, 5);
  consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 15); }));
}

TEST_F(ConsumerTest, FillsAGapFromTheOwner) {
  owner_->AppendMany(0, 9);
  StreamWriter writer(redis_->options(), "goals");
  ASSERT_OK_AND_ASSIGN(const auto page, source_->ListEvents(0, {}, 100));
  // A stream that was trimmed: only the last three are there.
  ASSERT_OK(writer.Append(0, {}, absl::MakeSpan(page.events).subspan(6)));
  ConsumerOptions options = Options();
  options.head_interval = absl::Hours(1);
  Consumer consumer(options, handler_, *source_);
  consumer.Start();
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 9); }));
}

TEST_F(ConsumerTest, WaitsAtAGapWhileTheOwnerIsAway) {
  owner_->AppendMany(0, 4);
  StreamWriter writer(redis_->options(), "goals");
  ASSERT_OK_AND_ASSIGN(const auto page, source_->ListEvents(0, {}, 100));
  ASSERT_OK(writer.Append(0, {}, absl::MakeSpan(page.events).subspan(2)));
  source_->away = true;
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] {
    const auto lags = consumer->Lags();
    return !lags.empty() && lags[0].head.position == 4;
  }));
  EXPECT_THAT(Applied(0), IsEmpty());
  source_->away = false;
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 4); }));
}

TEST_F(ConsumerTest, ReadsFromTheOwnerWhileRedisIsAway) {
  ASSERT_OK(redis_->Kill());
  ConsumerOptions options = Options();
  options.head_interval = absl::Hours(1);
  Consumer consumer(options, handler_, *source_);
  consumer.Start();
  owner_->AppendMany(0, 3);
  ASSERT_TRUE(Eventually([&] { return AppliedAll(0, 3); }));
  ASSERT_OK(redis_->Start());
  const auto relay = MakeRelay();
  owner_->AppendMany(0, 3);
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 6); }));
}

TEST_F(ConsumerTest, WaitsWithoutRedisAndOwner) {
  ASSERT_OK(redis_->Kill());
  source_->away = true;
  owner_->AppendMany(0, 3);
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return Position(0) == "0"; }));
  source_->away = false;
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 3); }));
}

TEST_F(ConsumerTest, DoesNotTakeASilentStreamForNothingNew) {
  const auto consumer = MakeConsumer(handler_);  // Without a relay.
  owner_->AppendMany(1, 2);
  EXPECT_TRUE(Eventually([&] { return AppliedAll(1, 2); }));
}

TEST_F(ConsumerTest, WaitsForATransientErrorAndShowsTheLag) {
  handler_.FailWith(absl::UnavailableError("later"));
  const auto relay = MakeRelay();
  owner_->AppendMany(0, 3);
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] {
    const auto lags = consumer->Lags();
    return !lags.empty() && lags[0].head.position == 3 && lags[0].duration > absl::ZeroDuration();
  }));
  EXPECT_EQ(consumer->Lags()[0].position.position, 0);
  handler_.Heal();
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 3); }));
  EXPECT_THAT(Parked(), IsEmpty());
  EXPECT_EQ(consumer->Lags()[0].duration, absl::ZeroDuration());
}

TEST_F(ConsumerTest, GoesOnWhenItsDatabaseSessionWasEnded) {
  const auto relay = MakeRelay();
  const auto consumer = MakeConsumer(handler_);
  owner_->AppendMany(0, 1);
  ASSERT_TRUE(Eventually([&] { return AppliedAll(0, 1); }));
  own_->Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND pid <> pg_backend_pid()");
  owner_->AppendMany(0, 2);
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 3); }));
}

const char kGood[] = "organizations/acme/objectives/good";
const char kBad[] = "organizations/acme/objectives/bad";

TEST_F(ConsumerTest, ParksOnlyThePoisonousEventOfABatch) {
  handler_.Poison(kBad);
  owner_->Append(0, {{kGood}, {kGood}, {kBad}, {kGood}, {kGood}});
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return Position(0) == "5"; }));
  EXPECT_THAT(Applied(0), ElementsAre("1", "2", "4", "5"));
  EXPECT_THAT(Parked(), ElementsAre("3"));
  EXPECT_EQ(consumer->parked(), 1);
}

TEST_F(ConsumerTest, ParksLaterEventsOfTheSubjectBehindIt) {
  handler_.PoisonPosition(2);
  owner_->Append(0, {{kGood}, {kBad}, {kGood}, {kBad}});
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return Position(0) == "4"; }));
  owner_->Append(0, {{kBad}, {kGood}});
  ASSERT_TRUE(Eventually([&] { return Position(0) == "6"; }));
  EXPECT_THAT(Applied(0), ElementsAre("1", "3", "6"));
  EXPECT_THAT(Parked(), ElementsAre("2", "4", "5"));
}

TEST_F(ConsumerTest, ReplaysParkedEventsInOrder) {
  handler_.PoisonPosition(1);
  owner_->Append(0, {{kBad}, {kGood}, {kBad}});
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return Position(0) == "3"; }));
  handler_.Heal();
  ASSERT_OK_AND_ASSIGN(const int64_t replayed, consumer->ReplayParked(kBad));
  EXPECT_EQ(replayed, 2);
  EXPECT_THAT(Applied(0), ElementsAre("2", "1", "3"));
  EXPECT_THAT(Parked(), IsEmpty());
  owner_->Append(0, {{kBad}});
  EXPECT_TRUE(Eventually([&] { return Applied(0).back() == "4"; }));
}

TEST_F(ConsumerTest, ReplayStopsAtWhatStillFails) {
  handler_.PoisonPosition(1);
  owner_->Append(0, {{kBad}, {kBad}});
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return Position(0) == "2"; }));
  EXPECT_THAT(consumer->ReplayParked(kBad), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Parked(), ElementsAre("1", "2"));
  EXPECT_THAT(Applied(0), IsEmpty());
}

TEST_F(ConsumerTest, WaitsForAMissingTableInsteadOfParking) {
  own_->Run("ALTER TABLE applied RENAME TO hidden");
  owner_->AppendMany(0, 2);
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] {
    const auto lags = consumer->Lags();
    return !lags.empty() && lags[0].head.position == 2;
  }));
  EXPECT_THAT(Parked(), IsEmpty());
  own_->Run("ALTER TABLE hidden RENAME TO applied");
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 2); }));
}

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

TEST_F(ConsumerTest, ForEachOrganizationGroupsConsecutiveEvents) {
  std::vector<v1::Event> events(4);
  events[0].set_organization("organizations/a");
  events[1].set_organization("organizations/a");
  events[2].set_organization("organizations/b");
  events[3].set_organization("organizations/a");
  ASSERT_OK_AND_ASSIGN(const auto connection, postgres::Connection::Open(own_->runtime()));
  auto transaction = postgres::Transaction::Begin(*connection, absl::Now() + absl::Seconds(10));
  std::vector<std::string> seen;
  EXPECT_OK(ForEachOrganization(
      transaction, events, [&](absl::string_view id, absl::Span<const v1::Event> run) {
        const auto row =
            transaction.Execute({"test.setting", "SELECT current_setting('okr.organization')"});
        EXPECT_EQ(row->GetText(0, 0), id);
        seen.push_back(absl::StrCat(id, run.size()));
        return absl::OkStatus();
      }));
  EXPECT_THAT(seen, ElementsAre("a2", "b1", "a1"));
}

}  // namespace
}  // namespace okr::events
