#include "services/checkins/consumers/goals_handler.h"

#include <atomic>
#include <thread>

#include "common/resources/messages.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/checkins/test_support.h"

namespace okr::checkins {
namespace {

using ::testing::ElementsAre;

class GoalsHandlerTest : public CheckinsTest {
 protected:
  okr::events::v1::Event GradingOpened() {
    Cycle grading = june_;
    grading.state = CycleState::kGrading;
    okr::events::v1::CycleEvent payload;
    *payload.mutable_cycle() = ToProto(grading);
    return EventOf("okr.directory.v1.CycleGradingOpened", june_.name.ToString(), payload);
  }
};

TEST_F(GoalsHandlerTest, SealsACycleOnceWhenItsGradingIsOpened) {
  const auto event = GradingOpened();
  EXPECT_OK(Apply(event));
  EXPECT_OK(Apply(event));
  EXPECT_THAT(Events(), ElementsAre("CycleSealed cycles/june"));
  EXPECT_EQ(ReasonOf(Submit("ann", Request()).status()), "CYCLE_STATE");
}

TEST_F(GoalsHandlerTest, NoCheckInIsAcceptedBehindTheSeal) {
  std::atomic<bool> sealed{false};
  std::atomic<int> accepted{0};
  std::atomic<int> refused{0};
  // As of two replicas, which write at the same time.
  const std::unique_ptr<store::Writer> other = MakeWriter();
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, i] {
      while (!sealed.load() || refused.load() < 20) {
        store::Writer& writer = i % 2 == 0 ? *writer_ : *other;
        const absl::Status status = SubmitTo(writer, "ann", {Request()}).front().status;
        if (status.ok()) {
          ++accepted;
        } else {
          EXPECT_EQ(ReasonOf(status), "CYCLE_STATE");
          ++refused;
        }
      }
    });
  }
  while (accepted.load() < 50) std::this_thread::yield();
  EXPECT_OK(Apply(GradingOpened()));
  sealed = true;
  for (std::thread& client : clients) client.join();

  EXPECT_THAT(Query("SELECT count(*) FROM okr_checkins.check_ins"),
              ElementsAre(std::to_string(accepted.load())));
  EXPECT_EQ(Events().size(), static_cast<size_t>(accepted.load()) + 1);
  EXPECT_EQ(Events().back(), "CycleSealed cycles/june");
}

TEST_F(GoalsHandlerTest, AnOlderStateOfACycleDoesNotOpenItAgain) {
  okr::events::v1::CycleEvent payload;
  *payload.mutable_cycle() = ToProto(june_);
  const auto older = EventOf("okr.directory.v1.CycleUpdated", june_.name.ToString(), payload);
  EXPECT_OK(Apply(GradingOpened()));
  EXPECT_OK(Apply(older));
  EXPECT_EQ(ReasonOf(Submit("ann", Request()).status()), "CYCLE_STATE");
}

TEST_F(GoalsHandlerTest, EventsOfSeveralOrganizationsAreOneTransaction) {
  okr::events::v1::Event other = GradingOpened();
  other.set_organization("organizations/other");
  other.set_subject("organizations/other/cycles/june");
  okr::events::v1::CycleEvent payload;
  other.data().UnpackTo(&payload);
  payload.mutable_cycle()->set_name(other.subject());
  other.mutable_data()->PackFrom(payload);
  const std::vector<okr::events::v1::Event> events = {GradingOpened(), other};
  auto transaction = postgres::Transaction::Begin(*consumer_, absl::Now() + absl::Seconds(10));
  EXPECT_OK(handler_.Apply(transaction, events));
  EXPECT_OK(transaction.Commit());
  EXPECT_THAT(
      Query("SELECT organization_id || ' ' || subject FROM okr_checkins.event_log "
            "ORDER BY organization_id"),
      ElementsAre("acme organizations/acme/cycles/june", "other organizations/other/cycles/june"));
}

TEST_F(GoalsHandlerTest, AnObjectiveMovesItsDueStatesWithoutALookAtAllOthers) {
  const auto connection = postgres::Connection::Open({.conninfo = database_.superuser}).value();
  EXPECT_OK(connection->ExecuteScript(
      "INSERT INTO okr_checkins.due_states (organization_id, name, version, body) "
      "SELECT 'acme', 'objectives/o' || n || '/keyResults/k', 1, '' FROM generate_series(1, 20000) "
      "n;"
      "ANALYZE okr_checkins.due_states",
      absl::Now() + absl::Seconds(20)));
  okr::events::v1::ObjectiveEvent payload;
  *payload.mutable_objective() = ToProto(grow_);
  const std::vector<okr::events::v1::Event> events = {
      EventOf("okr.goals.v1.ObjectiveUpdated", grow_.name.ToString(), payload)};
  auto transaction = postgres::Transaction::Begin(*consumer_, absl::Now() + absl::Seconds(10));
  EXPECT_OK(handler_.Apply(transaction, events));
  // Rows that scans of the whole table gave.
  const auto scanned = transaction.Execute(
      {"", "SELECT pg_stat_get_xact_tuples_returned('okr_checkins.due_states'::regclass)"});
  ASSERT_OK(scanned);
  EXPECT_EQ(scanned->GetInt64(0, 0), 0);
  EXPECT_OK(transaction.Commit());
  EXPECT_THAT(
      Query("SELECT name FROM okr_checkins.due_states WHERE fire_time = 0 AND name LIKE "
            "'objectives/grow/%' ORDER BY name"),
      ElementsAre("objectives/grow/keyResults/launch", "objectives/grow/keyResults/revenue"));
}

}  // namespace
}  // namespace okr::checkins
