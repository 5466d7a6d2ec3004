#include "common/events/position.h"

#include <gtest/gtest.h>

#include "common/events/log_reading.h"
#include "common/events/log_subscription.h"
#include "common/events/stream_entry.h"

namespace okr::events {
namespace {

TEST(LogPosition, IsReadFromItsEntryId) {
  const LogPosition at{.epoch = 1'700'000'000, .position = 42};
  EXPECT_EQ(at.ToEntryId(), "1700000000-42");
  EXPECT_EQ(LogPosition::FromEntryId("1700000000-42"), at);
}

TEST(LogPosition, RefusesWhatIsNoEntryId) {
  for (const char* id : {"", "1", "1-", "-1", "a-b", "1-2-3", "1--2", "+1-2", "1- 2"}) {
    EXPECT_EQ(LogPosition::FromEntryId(id), std::nullopt) << id;
  }
}

TEST(LogPosition, OfALaterEpochIsGreater) {
  EXPECT_LT((LogPosition{.epoch = 1, .position = 9}), (LogPosition{.epoch = 2, .position = 1}));
  EXPECT_LT(LogPosition{}, (LogPosition{.epoch = 1, .position = 0}));
}

std::string EventAt(const Position& position) {
  okr::events::v1::Event event;
  *event.mutable_position() = ToProto(position);
  return event.SerializeAsString();
}

TEST(EventOfEntry, IsTheOneThatStandsThere) {
  const Position there{.source = "goals", .epoch = 1, .shard = 3, .position = 7};
  EXPECT_TRUE(EventOfEntry("goals", 3, "1-7", EventAt(there)).has_value());
  for (const Position& elsewhere :
       {Position{.source = "scoring", .epoch = 1, .shard = 3, .position = 7},
        Position{.source = "goals", .epoch = 2, .shard = 3, .position = 7},
        Position{.source = "goals", .epoch = 1, .shard = 4, .position = 7},
        Position{.source = "goals", .epoch = 1, .shard = 3, .position = 8}}) {
    EXPECT_FALSE(EventOfEntry("goals", 3, "1-7", EventAt(elsewhere)).has_value());
  }
  EXPECT_FALSE(EventOfEntry("goals", 3, "1-7", "\x01 no event").has_value());
}

TEST(StreamName, HasTheShardInBraces) { EXPECT_EQ(StreamName("goals", 3), "okr:{goals-3}:events"); }

TEST(OrganizationIdOf, IsThePartAfterOrganizations) {
  EXPECT_EQ(OrganizationIdOf("organizations/acme"), "acme");
  EXPECT_EQ(OrganizationIdOf("organizations/acme/teams/a"), "acme");
  EXPECT_EQ(OrganizationIdOf("teams/a"), "");
}

LogState TwoEpochs() {
  return {.head = {.epoch = 20, .position = 7},
          .epochs = {{.epoch = 10, .first_position = 1}, {.epoch = 20, .first_position = 5}}};
}

TEST(LogState, KnowsInWhichEpochAPositionLies) {
  EXPECT_EQ(TwoEpochs().EpochOf(0), 10);
  EXPECT_EQ(TwoEpochs().EpochOf(4), 10);
  EXPECT_EQ(TwoEpochs().EpochOf(5), 20);
}

TEST(LogState, KnowsThePlacesOfItsHistoryOnly) {
  const LogState log = TwoEpochs();
  EXPECT_TRUE(log.Knows({}));
  EXPECT_TRUE(log.Knows({.epoch = 10, .position = 4}));
  EXPECT_TRUE(log.Knows({.epoch = 20, .position = 7}));
  EXPECT_FALSE(log.Knows({.epoch = 10, .position = 5}));  // Of the history that was lost.
  EXPECT_FALSE(log.Knows({.epoch = 20, .position = 8}));
  EXPECT_FALSE(log.Knows({.epoch = 30, .position = 7}));
  EXPECT_FALSE(log.Knows({.epoch = 20, .position = -1}));
}

TEST(LogFilter, LetsASubjectPassWithWhatIsBelowIt) {
  const LogFilter filter{.subject_prefix = "organizations/acme/objectives/a"};
  okr::events::v1::Event event;
  event.set_organization("organizations/acme");
  event.set_subject("organizations/acme/objectives/a");
  EXPECT_TRUE(filter.Matches(event));
  event.set_subject("organizations/acme/objectives/a/keyResults/k");
  EXPECT_TRUE(filter.Matches(event));
  event.set_subject("organizations/acme/objectives/ab");
  EXPECT_FALSE(filter.Matches(event));
}

}  // namespace
}  // namespace okr::events
