#include "common/events/consumer_fixture.h"

namespace okr::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char kGood[] = "organizations/acme/objectives/good";
const char kBad[] = "organizations/acme/objectives/bad";
const char kWorse[] = "organizations/acme/objectives/worse";

TEST_F(ConsumerTest, ParksOnlyThePoisonousEventOfABatch) {
  handler_.Poison(kBad);
  owner_->Append(0, {{kGood}, {kGood}, {kBad}, {kGood}, {kGood}});
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return Position(0) == "5"; }));
  EXPECT_THAT(Applied(0), ElementsAre("1", "2", "4", "5"));
  EXPECT_THAT(Parked(), ElementsAre("3"));
  EXPECT_TRUE(Eventually([&] { return consumer->parked() == 1; }));
  EXPECT_TRUE(Eventually([&] { return consumer->applied() == 4; }));
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

// As a version of the program does that can apply them.
TEST_F(ConsumerTest, AppliesParkedEventsInOrderAfterAStart) {
  handler_.PoisonPosition(1);
  owner_->Append(0, {{kBad}, {kGood}, {kBad}});
  auto consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 2; }));
  consumer.reset();
  handler_.Heal();
  consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 0; }));
  EXPECT_THAT(Applied(0), ElementsAre("2", "1", "3"));
  EXPECT_THAT(handler_.Told(0), ElementsAre(2, 1, 3));
  EXPECT_EQ(consumer->applied(), 2);
  owner_->Append(0, {{kBad}});
  EXPECT_TRUE(Eventually([&] { return Applied(0).back() == "4"; }));
}

TEST_F(ConsumerTest, WhatStillFailsStaysWithAllBehindItAndStopsNoOther) {
  handler_.Poison(kBad);
  handler_.Poison(kWorse);
  owner_->Append(0, {{kBad}, {kWorse}, {kBad}, {kWorse}});
  owner_->Append(1, {{kWorse}});
  auto consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 5; }));
  consumer.reset();
  handler_.Heal();
  handler_.PoisonPosition(3);
  consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 1; }));
  EXPECT_THAT(Parked(), ElementsAre("3"));
  EXPECT_THAT(Applied(0), ElementsAre("1", "2", "4"));
  EXPECT_THAT(Applied(1), ElementsAre("1"));
  owner_->Append(0, {{kBad}, {kWorse}});
  EXPECT_TRUE(Eventually([&] { return Position(0) == "6"; }));
  EXPECT_THAT(Parked(), ElementsAre("3", "5"));
}

// Another replica may have parked it after the start, or its data were mended.
TEST_F(ConsumerTest, TriesParkedEventsAgainWithoutAStart) {
  handler_.Poison(kBad);
  owner_->Append(0, {{kBad}, {kGood}, {kBad}});
  ConsumerOptions options = Options();
  options.replay_interval = absl::Milliseconds(20);
  Consumer consumer(options, handler_, *source_);
  consumer.Start();
  EXPECT_TRUE(Eventually([&] { return consumer.parked_in_database() == 2; }));
  handler_.Heal();
  EXPECT_TRUE(Eventually([&] { return consumer.parked_in_database() == 0; }));
  EXPECT_THAT(Applied(0), ElementsAre("2", "1", "3"));
}

TEST_F(ConsumerTest, ParkedEventsWaitForWhatIsAwayForAWhile) {
  handler_.Poison(kBad);
  owner_->Append(0, {{kBad}});
  auto consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 1; }));
  consumer.reset();
  handler_.Heal();
  handler_.FailWith(absl::UnavailableError("away"));
  consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return handler_.failures() > 1; }));
  EXPECT_THAT(Parked(), ElementsAre("1"));
  handler_.FailWith(absl::OkStatus());
  EXPECT_TRUE(Eventually([&] { return AppliedAll(0, 1); }));
  EXPECT_TRUE(Eventually([&] { return Parked().empty(); }));
}

TEST_F(ConsumerTest, AParkedRowThatIsNoEventStopsNoOther) {
  handler_.Poison(kBad);
  handler_.Poison(kWorse);
  owner_->Append(0, {{kBad}, {kWorse}});
  auto consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 2; }));
  consumer.reset();
  handler_.Heal();
  own_->Run("UPDATE parked_events SET event = '' WHERE position = 1");
  consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 1; }));
  EXPECT_THAT(Applied(0), ElementsAre("2"));
}

TEST_F(ConsumerTest, SeveralReplicasApplyAParkedEventOnce) {
  handler_.Poison(kBad);
  owner_->Append(0, std::vector<NewEvent>(20, {kBad}));
  auto consumer = MakeConsumer(handler_);
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 20; }));
  consumer.reset();
  handler_.Heal();
  std::vector<std::unique_ptr<Consumer>> replicas;
  for (int i = 0; i < 4; ++i) replicas.push_back(MakeConsumer(handler_));
  EXPECT_TRUE(Eventually([&] { return Parked().empty(); }));
  EXPECT_TRUE(AppliedAll(0, 20));
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

}  // namespace
}  // namespace okr::events
