#include "common/events/consumer.h"

#include "absl/time/clock.h"
#include "common/events/consumer_fixture.h"
#include "common/events/stream_writer.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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
  // They tell of what comes after the position with which they started.
  ASSERT_TRUE(Eventually([&] { return !one->Lags().empty() && !two->Lags().empty(); }));
  int64_t last = 0;
  for (int i = 0; i < 50; ++i) {
    last = owner_->AppendMany(0, 1 + i % 5);
    relay->Notify(0, last);
  }
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, last); }));
  // Each process is told of every event, whoever applied it.
  EXPECT_TRUE(Eventually([&] { return handler_.Told(0) == OneTo(last); }));
  EXPECT_TRUE(Eventually([&] { return other_handler.Told(0) == OneTo(last); }));
  EXPECT_EQ(other_handler.Told(0), OneTo(last));
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

TEST_F(ConsumerTest, ReadsTheLogWhereTheStreamHoldsWhatIsNoEvent) {
  ConsumerOptions options = Options();
  options.head_interval = absl::Hours(1);  // After the first look.
  Consumer consumer(options, handler_, *source_);
  owner_->AppendMany(1, 1);
  consumer.Start();
  ASSERT_TRUE(Eventually([&] { return AppliedAll(1, 1); }));
  ASSERT_OK_AND_ASSIGN(const auto client, redis::Connection::Open(redis_->options()));
  ASSERT_OK(client->Command({"XADD", StreamName("goals", 1), "9999999999-1", "e", "rubbish"},
                            absl::Now() + absl::Seconds(5)));
  owner_->AppendMany(1, 1);
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
  EXPECT_TRUE(Eventually([&] { return consumer->Lags()[0].duration == absl::ZeroDuration(); }));
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

TEST_F(ConsumerTest, WhatComesInQuickSuccessionIsTakenTogether) {
  const auto relay = MakeRelay();
  ConsumerOptions options = Options();
  options.pace = absl::Seconds(2);
  Consumer consumer(options, handler_, *source_);
  consumer.Start();
  relay->Notify(0, owner_->AppendMany(0, 1));
  ASSERT_TRUE(Eventually([&] { return AppliedAll(0, 1); }));
  for (int i = 0; i < 5; ++i) {
    relay->Notify(0, owner_->AppendMany(0, 1));
    absl::SleepFor(absl::Milliseconds(30));
  }
  ASSERT_TRUE(Eventually([&] { return AppliedAll(0, 6); }));
  EXPECT_EQ(Transactions(), "2");
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
