#include "services/goals/domain/cycle.h"

#include "services/goals/domain/domain_test_support.h"

namespace okr::goals {
namespace {

using testing::HasReason;
using testing::IsOk;

using Case = FieldCase<Cycle>;
class CycleFields : public ::testing::TestWithParam<Case> {};

TEST_P(CycleFields, AreChecked) {
  Cycle cycle = RightCycle();
  GetParam().change(cycle);
  Violations violations;
  CheckCycle(cycle, "cycle.", violations);
  CheckCycleDates(cycle, "cycle.", violations);
  ExpectField(violations, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, CycleFields,
    ::testing::Values(
        Case{"Right", [](Cycle&) {}, ""},
        Case{"NoName", [](Cycle& c) { c.display_name = ""; }, "cycle.display_name"},
        Case{"OneDay", [](Cycle& c) { c.end_date = c.start_date; }, "cycle.end_date"},
        Case{"ThreeYears", [](Cycle& c) { c.end_date = absl::CivilDay(2029, 1, 1); }, ""},
        Case{"Longer", [](Cycle& c) { c.end_date = absl::CivilDay(2029, 1, 2); }, "cycle.end_date"},
        Case{"NegativeGrace", [](Cycle& c) { c.schedule.grace = -absl::Seconds(1); },
             "cycle.check_in_schedule.grace"},
        Case{"LongestGrace", [](Cycle& c) { c.schedule.grace = absl::Hours(720); }, ""},
        Case{"LongGrace", [](Cycle& c) { c.schedule.grace = absl::Hours(720) + absl::Seconds(1); },
             "cycle.check_in_schedule.grace"},
        Case{"ItsOwnParent", [](Cycle& c) { c.parent = c.name; }, "cycle.parent"}),
    CaseName<Cycle>);

TEST(CheckInsideParent, WantsAllDaysInside) {
  Cycle year = RightCycle();
  year.name = CycleName(Acme(), "y");
  year.end_date = absl::CivilDay(2026, 12, 31);
  Violations inside;
  CheckInsideParent(RightCycle(), year, "cycle.", inside);
  ExpectField(inside, "");
  year.start_date = absl::CivilDay(2026, 1, 2);
  Violations outside;
  CheckInsideParent(RightCycle(), year, "cycle.", outside);
  ExpectField(outside, "cycle.parent");
}

TEST(Cycles, GoThroughTheirLifeInOrder) {
  Cycle cycle = CreateCycle(RightCycle(CycleState::kClosed), kNow);
  EXPECT_EQ(cycle.state, CycleState::kDraft);
  ASSERT_OK_AND_ASSIGN(cycle, ActivateCycle(cycle, kLater));
  EXPECT_EQ(cycle.state, CycleState::kActive);
  EXPECT_EQ(cycle.scoring_policy, "okr-v1");
  ASSERT_OK_AND_ASSIGN(cycle, OpenCycleGrading(cycle, kLater));
  EXPECT_EQ(cycle.state, CycleState::kGrading);
  ASSERT_OK_AND_ASSIGN(cycle, CloseCycle(cycle, kLater));
  EXPECT_EQ(cycle.state, CycleState::kClosed);
}

TEST(Cycles, TakeNoStepTwiceAndSkipNone) {
  const auto expect = [](const auto& outcome, bool right) {
    if (right) {
      EXPECT_THAT(outcome, IsOk());
    } else {
      EXPECT_THAT(outcome, HasReason("CYCLE_STATE"));
    }
  };
  for (const CycleState state :
       {CycleState::kDraft, CycleState::kActive, CycleState::kGrading, CycleState::kClosed}) {
    const Cycle cycle = RightCycle(state);
    expect(ActivateCycle(cycle, kNow), state == CycleState::kDraft);
    expect(OpenCycleGrading(cycle, kNow), state == CycleState::kActive);
    expect(CloseCycle(cycle, kNow), state == CycleState::kGrading);
  }
}

TEST(ChangeCycle, MovesDatesOnlyWhileItIsDraftOrActive) {
  for (const auto& [state, right] :
       std::vector<std::pair<CycleState, bool>>{{CycleState::kDraft, true},
                                                {CycleState::kActive, true},
                                                {CycleState::kGrading, false},
                                                {CycleState::kClosed, false}}) {
    Cycle next = RightCycle(state);
    next.end_date += 1;
    EXPECT_EQ(ChangeCycle(RightCycle(state), next, kLater).ok(), right) << NameOf(state);
  }
}

TEST(ChangeCycle, RenamesDuringGradingButNotAfterwards) {
  Cycle next = RightCycle(CycleState::kGrading);
  next.display_name = "The first quarter";
  EXPECT_OK(ChangeCycle(RightCycle(CycleState::kGrading), next, kLater));
  EXPECT_THAT(ChangeCycle(RightCycle(CycleState::kClosed), next, kLater), HasReason("CYCLE_STATE"));
}

}  // namespace
}  // namespace okr::goals
