#include "services/goals/consumers/score_summaries.h"

#include <memory>

#include "common/migrate/migrated_database.h"
#include "common/migrate/service.h"
#include "common/postgres/connection.h"
#include "common/postgres/params.h"
#include "common/testing/status_matchers.h"
#include "goals_migrations.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::goals {
namespace {

using okr::testing::HasCode;
using okr::testing::IsOk;
using ::testing::ElementsAre;

constexpr char kObjective[] = "organizations/acme/objectives/o1";

events::v1::Event ObjectiveScored(const std::string& organization, int64_t version,
                                  double progress) {
  events::v1::ObjectiveScoreEvent payload;
  payload.mutable_score()->set_objective(
      absl::StrCat("organizations/", organization, "/objectives/o1"));
  payload.mutable_score()->set_progress(progress);
  payload.mutable_score()->set_status(scoring::v1::STATUS_ON_TRACK);
  events::v1::Event event;
  event.set_type("okr.scoring.v1.ObjectiveScoreChanged");
  event.set_organization(absl::StrCat("organizations/", organization));
  event.set_subject(payload.score().objective());
  event.set_subject_version(version);
  event.mutable_data()->PackFrom(payload);
  return event;
}

TEST(SummaryOf, ReadsTheScoreOfAKeyResult) {
  events::v1::KeyResultScoreEvent payload;
  payload.mutable_score()->set_key_result(absl::StrCat(kObjective, "/keyResults/k1"));
  payload.mutable_score()->set_progress(0.25);
  payload.mutable_score()->set_score(0.5);
  payload.mutable_score()->set_status(scoring::v1::STATUS_AT_RISK);
  payload.mutable_score()->set_state(scoring::v1::SCORE_STATE_PROVISIONAL);
  payload.mutable_score()->mutable_update_time()->set_seconds(7);
  events::v1::Event event;
  event.set_type("okr.scoring.v1.KeyResultStatusChanged");
  event.set_subject_version(3);
  event.mutable_data()->PackFrom(payload);
  ASSERT_OK_AND_ASSIGN(const auto row, SummaryOf(event));
  EXPECT_EQ(row->name, "objectives/o1/keyResults/k1");
  EXPECT_EQ(row->version, 3);
  EXPECT_EQ(row->summary.progress(), 0.25);
  EXPECT_EQ(row->summary.score(), 0.5);
  EXPECT_EQ(row->summary.status(), scoring::v1::STATUS_AT_RISK);
  EXPECT_EQ(row->summary.score_state(), scoring::v1::SCORE_STATE_PROVISIONAL);
  EXPECT_EQ(row->summary.update_time().seconds(), 7);
}

TEST(SummaryOf, PassesOverOtherEvents) {
  events::v1::Event event;
  event.set_type("okr.scoring.v1.CycleScored");
  ASSERT_OK_AND_ASSIGN(const auto row, SummaryOf(event));
  EXPECT_EQ(row, std::nullopt);
}

TEST(SummaryOf, RefusesWhatItCannotRead) {
  events::v1::Event event;
  event.set_type("okr.scoring.v1.ObjectiveScoreChanged");
  EXPECT_THAT(SummaryOf(event), HasCode(absl::StatusCode::kInvalidArgument));
}

class ScoreSummariesTest : public ::testing::Test {
 protected:
  ScoreSummariesTest()
      : database_(
            testing::MakeMigratedDatabase(*migrate::MakeService("goals", migrations::kAllFiles))
                .value()),
        connection_(postgres::Connection::Open({.conninfo = database_.runtime}).value()) {}

  void Apply(const std::vector<events::v1::Event>& events) {
    auto transaction = postgres::Transaction::Begin(*connection_, Deadline());
    ASSERT_OK(handler_.Apply(transaction, events));
    ASSERT_OK(transaction.Commit());
  }

  // "organization version progress" of all rows.
  std::vector<std::string> Rows() {
    auto connection = postgres::Connection::Open({.conninfo = database_.superuser}).value();
    const auto result =
        connection->Execute({"",
                             "SELECT organization_id, version, body FROM okr_goals.score_summaries "
                             "ORDER BY organization_id, name"},
                            {}, Deadline());
    std::vector<std::string> rows;
    for (int i = 0; i < result->rows(); ++i) {
      v1::ScoreSummary summary;
      EXPECT_TRUE(summary.ParseFromString(std::string(result->GetBytes(i, 2))));
      rows.push_back(absl::StrCat(result->GetText(i, 0), " ", result->GetInt64(i, 1), " ",
                                  summary.progress()));
    }
    return rows;
  }

  static absl::Time Deadline() { return absl::Now() + absl::Seconds(10); }

  testing::MigratedDatabase database_;
  std::unique_ptr<postgres::Connection> connection_;
  ScoreSummaries handler_;
};

TEST_F(ScoreSummariesTest, KeepTheNewestOfEachOrganization) {
  Apply({ObjectiveScored("acme", 1, 0.1), ObjectiveScored("acme", 2, 0.2),
         ObjectiveScored("beta", 1, 0.9)});
  EXPECT_THAT(Rows(), ElementsAre("acme 2 0.2", "beta 1 0.9"));
}

TEST_F(ScoreSummariesTest, TakeNoOlderVersion) {
  Apply({ObjectiveScored("acme", 5, 0.5)});
  Apply({ObjectiveScored("acme", 4, 0.4)});
  Apply({ObjectiveScored("acme", 5, 0.6)});
  EXPECT_THAT(Rows(), ElementsAre("acme 5 0.5"));
  Apply({ObjectiveScored("acme", 6, 0.6)});
  EXPECT_THAT(Rows(), ElementsAre("acme 6 0.6"));
}

}  // namespace
}  // namespace okr::goals
