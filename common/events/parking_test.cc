#include "common/events/consumer_fixture.h"

namespace okr::events {
namespace {

using ::testing::ElementsAre;
using testing::HasCode;
using ::testing::IsEmpty;

const char kGood[] = "organizations/acme/objectives/good";
const char kBad[] = "organizations/acme/objectives/bad";

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

TEST_F(ConsumerTest, ReplaysParkedEventsInOrder) {
  handler_.PoisonPosition(1);
  owner_->Append(0, {{kBad}, {kGood}, {kBad}});
  const auto consumer = MakeConsumer(handler_);
  ASSERT_TRUE(Eventually([&] { return Position(0) == "3"; }));
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 2; }));
  handler_.Heal();
  ASSERT_OK_AND_ASSIGN(const int64_t replayed, consumer->ReplayParked(kBad));
  EXPECT_EQ(replayed, 2);
  EXPECT_THAT(Applied(0), ElementsAre("2", "1", "3"));
  EXPECT_THAT(Parked(), IsEmpty());
  EXPECT_TRUE(Eventually([&] { return consumer->parked_in_database() == 0; }));
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

}  // namespace
}  // namespace okr::events
