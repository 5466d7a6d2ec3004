#include "common/events/projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/events/events_fixture.h"
#include "common/testing/status_matchers.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using ::testing::ElementsAre;

class ProjectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = ServiceDatabase::Make();
    ASSERT_NE(database_, nullptr);
    ASSERT_OK_AND_ASSIGN(connection_, postgres::Connection::Open(database_->runtime()));
  }

  absl::Status Upsert(std::vector<ProjectionRow> rows) {
    auto transaction = postgres::Transaction::Begin(*connection_, absl::Now() + absl::Seconds(10));
    transaction.SwitchOrganization("acme");
    UpsertProjection(transaction, "acme", std::move(rows));
    return transaction.Commit();
  }
  std::vector<std::string> Stored() {
    return database_->Query(
        "SELECT format('%s %s %s %s', name, version, CASE WHEN deleted THEN 'deleted' ELSE 'live' "
        "END, convert_from(body, 'UTF8')) FROM projection ORDER BY name");
  }

  std::unique_ptr<ServiceDatabase> database_;
  std::unique_ptr<postgres::Connection> connection_;
};

TEST_F(ProjectionTest, TakesOnlyNewerVersions) {
  ASSERT_OK(Upsert({{.name = "teams/a", .version = 3, .body = "three"}}));
  ASSERT_OK(Upsert({{.name = "teams/a", .version = 2, .body = "two"},
                    {.name = "teams/b", .version = 1, .body = "one"}}));
  EXPECT_THAT(Stored(), ElementsAre("teams/a 3 live three", "teams/b 1 live one"));
  ASSERT_OK(Upsert({{.name = "teams/a", .version = 4, .body = "four"}}));
  EXPECT_THAT(Stored(), ElementsAre("teams/a 4 live four", "teams/b 1 live one"));
}

TEST_F(ProjectionTest, TakesTheNewestOfOneBatch) {
  ASSERT_OK(Upsert({{.name = "teams/a", .version = 1, .body = "one"},
                    {.name = "teams/a", .version = 3, .body = "three"},
                    {.name = "teams/a", .version = 2, .body = "two"}}));
  EXPECT_THAT(Stored(), ElementsAre("teams/a 3 live three"));
}

TEST_F(ProjectionTest, KeepsATombstone) {
  ASSERT_OK(Upsert({{.name = "teams/a", .version = 2, .deleted = true, .body = "gone"}}));
  ASSERT_OK(Upsert({{.name = "teams/a", .version = 1, .body = "one"}}));
  EXPECT_THAT(Stored(), ElementsAre("teams/a 2 deleted gone"));
}

TEST_F(ProjectionTest, CannotWriteForAnotherOrganization) {
  auto transaction = postgres::Transaction::Begin(*connection_, absl::Now() + absl::Seconds(10));
  transaction.SwitchOrganization("acme");
  UpsertProjection(transaction, "other", {{.name = "teams/a", .version = 1, .body = "x"}});
  EXPECT_FALSE(transaction.Commit().ok());
}

template <typename Payload>
v1::Event EventWith(const Payload& payload) {
  v1::Event event;
  event.set_subject_version(7);
  event.mutable_data()->PackFrom(payload);
  return event;
}

TEST(ProjectionRow, OfAPersonCanBeLookedUpByTheTokenSubject) {
  v1::PersonEvent payload;
  payload.mutable_person()->set_name("organizations/acme/people/ann");
  payload.mutable_person()->set_subject("sub-1");
  ASSERT_OK_AND_ASSIGN(const auto row, RowOf(EventWith(payload)));
  EXPECT_EQ(row, (ProjectionRow{.name = "people/ann",
                                .version = 7,
                                .lookup = "sub-1",
                                .body = payload.person().SerializeAsString()}));
}

TEST(ProjectionRow, OfAKeyResultNamesItsCycle) {
  v1::KeyResultEvent payload;
  payload.mutable_key_result()->set_name("organizations/acme/objectives/o/keyResults/k");
  payload.mutable_key_result()->set_cycle("organizations/acme/cycles/q1");
  ASSERT_OK_AND_ASSIGN(const auto row, RowOf(EventWith(payload)));
  EXPECT_EQ(row->name, "objectives/o/keyResults/k");
  EXPECT_EQ(row->cycle, "cycles/q1");
  EXPECT_FALSE(row->deleted);
}

TEST(ProjectionRow, OfWhatWasDeletedIsATombstone) {
  v1::ObjectiveEvent payload;
  payload.mutable_objective()->set_name("organizations/acme/objectives/o");
  payload.mutable_objective()->mutable_delete_time()->set_seconds(1);
  ASSERT_OK_AND_ASSIGN(const auto row, RowOf(EventWith(payload)));
  EXPECT_TRUE(row->deleted);
}

TEST(ProjectionRow, OfTheOrganizationHasAnEmptyName) {
  v1::OrganizationEvent payload;
  payload.mutable_organization()->set_name("organizations/acme");
  ASSERT_OK_AND_ASSIGN(const auto row, RowOf(EventWith(payload)));
  EXPECT_EQ(row->name, "");
}

TEST(ProjectionRow, IsAbsentForOtherEvents) {
  ASSERT_OK_AND_ASSIGN(const auto row, RowOf(EventWith(v1::CycleSealedEvent())));
  EXPECT_EQ(row, std::nullopt);
}

TEST(ProjectionRow, OfAPayloadThatCannotBeReadIsAnError) {
  v1::Event event = EventWith(v1::TeamEvent());
  event.mutable_data()->set_value("\xff\xff");
  EXPECT_FALSE(RowOf(event).ok());
}

}  // namespace
}  // namespace okr::events
