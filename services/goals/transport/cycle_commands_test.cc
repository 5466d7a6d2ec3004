#include "services/goals/transport/goals_fixture.h"

namespace okr::goals::transport {
namespace {

using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::Contains;
using ::testing::ElementsAre;

class Cycles : public GoalsFixture {
 protected:
  absl::StatusOr<api::Cycle> OpenGrading(const std::string& id) {
    api::OpenCycleGradingRequest request;
    request.set_name(Name("cycles/" + id));
    return Write(Admin(), OpenCycleGrading, request);
  }
  absl::StatusOr<api::Cycle> Close(const std::string& id) {
    api::CloseCycleRequest request;
    request.set_name(Name("cycles/" + id));
    return Write(Admin(), CloseCycle, request);
  }
  api::UpdateCycleRequest EndOn(const std::string& id, int month, int day) const {
    api::UpdateCycleRequest request;
    request.mutable_cycle()->set_name(Name("cycles/" + id));
    request.mutable_cycle()->mutable_end_date()->set_year(2026);
    request.mutable_cycle()->mutable_end_date()->set_month(month);
    request.mutable_cycle()->mutable_end_date()->set_day(day);
    return request;
  }
};

TEST_F(Cycles, ActivatingPinsThePolicyOnce) {
  api::ActivateCycleRequest request;
  request.set_name(Name("cycles/q1"));
  EXPECT_THAT(Write(Admin(), ActivateCycle, request), HasReason("CYCLE_STATE"));
  api::UpdateCycleRequest rename;
  rename.mutable_cycle()->set_name(Name("cycles/q1"));
  rename.mutable_cycle()->set_display_name("First quarter");
  ASSERT_OK_AND_ASSIGN(const api::Cycle cycle, Write(Admin(), UpdateCycle, rename));
  EXPECT_EQ(cycle.scoring_policy(), "okr-v1");
}

TEST_F(Cycles, DefaultsOfTheScheduleAreFilledIn) {
  api::UpdateCycleRequest rename;
  rename.mutable_cycle()->set_name(Name("cycles/q1"));
  rename.mutable_cycle()->set_display_name("First quarter");
  ASSERT_OK_AND_ASSIGN(const api::Cycle cycle, Write(Admin(), UpdateCycle, rename));
  EXPECT_EQ(cycle.check_in_schedule().cadence(), api::CADENCE_WEEKLY);
  EXPECT_EQ(cycle.check_in_schedule().weekday(), google::type::FRIDAY);
  EXPECT_EQ(cycle.check_in_schedule().grace().seconds(), 3 * 24 * 3600);
}

TEST_F(Cycles, LieInsideTheirParent) {
  api::CreateCycleRequest request;
  request.set_parent(Parent());
  request.set_cycle_id("q9");
  request.mutable_cycle()->set_display_name("Too late");
  request.mutable_cycle()->mutable_start_date()->set_year(2026);
  request.mutable_cycle()->set_parent(Name("cycles/year"));
  EXPECT_THAT(Write(Admin(), CreateCycle, request), NamesField("cycle.start_date"));
  *request.mutable_cycle()->mutable_start_date() = EndOn("q9", 12, 1).cycle().end_date();
  *request.mutable_cycle()->mutable_end_date() = EndOn("q9", 12, 31).cycle().end_date();
  request.mutable_cycle()->mutable_end_date()->set_year(2027);
  EXPECT_THAT(Write(Admin(), CreateCycle, request), NamesField("cycle.parent"));
  EXPECT_THAT(Write(Admin(), UpdateCycle, EndOn("year", 3, 30)), NamesField("cycle.end_date"));
}

TEST_F(Cycles, AreNeverAboveThemselves) {
  MakeCycle("twin", "2026-1-1", "2026-3-31", "cycles/q1");
  api::UpdateCycleRequest request;
  request.mutable_cycle()->set_name(Name("cycles/q1"));
  request.mutable_cycle()->set_parent(Name("cycles/twin"));
  EXPECT_THAT(Write(Admin(), UpdateCycle, request), NamesField("cycle.parent"));
}

TEST_F(Cycles, KeepTheirKeyResultsInside) {
  MakeObjective("o1");
  auto key_result = KeyResultRequest("o1", "k1");
  *key_result.mutable_key_result()->mutable_due_date() = EndOn("q1", 3, 20).cycle().end_date();
  ASSERT_OK(Write(As("ann"), CreateKeyResult, key_result));
  EXPECT_THAT(Write(Admin(), UpdateCycle, EndOn("q1", 3, 19)), NamesField("cycle.end_date"));
  EXPECT_OK(Write(Admin(), UpdateCycle, EndOn("q1", 3, 20)));
}

TEST_F(Cycles, CloseWhatIsActiveAndLeaveDrafts) {
  MakeObjective("active");
  MakeKeyResult("active", "k1");
  Activate("active");
  MakeObjective("draft");
  EXPECT_THAT(Close("q1"), HasReason("CYCLE_STATE"));
  ASSERT_OK(OpenGrading("q1"));
  EXPECT_THAT(Events(), Contains("okr.directory.v1.CycleGradingOpened"));
  ASSERT_OK(Close("q1"));
  const std::vector<std::string> events = Events();
  EXPECT_THAT(std::vector<std::string>(events.end() - 2, events.end()),
              ElementsAre("okr.goals.v1.ObjectiveClosed", "okr.directory.v1.CycleClosed"));
}

TEST_F(Cycles, StopChangesWhenGradingOpens) {
  MakeObjective("o1");
  MakeKeyResult("o1", "k1");
  ASSERT_OK(OpenGrading("q1"));
  EXPECT_THAT(Write(As("ann"), CreateObjective, ObjectiveRequest("o2")), HasReason("CYCLE_STATE"));
  EXPECT_THAT(Write(As("ann"), CreateKeyResult, KeyResultRequest("o1", "k2")),
              HasReason("CYCLE_STATE"));
  v1::UpdateObjectiveRequest update;
  update.mutable_objective()->set_name(Name("objectives/o1"));
  update.mutable_objective()->set_title("x");
  EXPECT_THAT(Write(As("ann"), UpdateObjective, update), HasReason("CYCLE_STATE"));
  EXPECT_THAT(Write(Admin(), UpdateCycle, EndOn("q1", 3, 20)), HasReason("CYCLE_STATE"));
}

TEST_F(Cycles, AreMovedOnByAdministrators) {
  api::OpenCycleGradingRequest request;
  request.set_name(Name("cycles/q1"));
  EXPECT_THAT(Write(As("ann"), OpenCycleGrading, request), HasReason("PERMISSION_DENIED"));
  request.set_etag("\"99\"");
  EXPECT_THAT(Write(Admin(), OpenCycleGrading, request), HasReason("ETAG_MISMATCH"));
}

}  // namespace
}  // namespace okr::goals::transport
