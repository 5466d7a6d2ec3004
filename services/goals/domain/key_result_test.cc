#include "services/goals/domain/key_result.h"

#include <cmath>
#include <limits>

#include "services/goals/domain/domain_test_support.h"

namespace okr::goals {
namespace {

using testing::HasReason;
using testing::IsOk;

using Case = FieldCase<KeyResult>;
class KeyResultFields : public ::testing::TestWithParam<Case> {};

TEST_P(KeyResultFields, AreChecked) {
  KeyResult key_result = RightKeyResult();
  GetParam().change(key_result);
  Violations violations;
  CheckKeyResult(key_result, "key_result.", violations);
  CheckWindow(key_result, RightCycle(), "key_result.", violations);
  ExpectField(violations, GetParam().field);
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

auto Kind(std::variant<Metric, Maintain, Milestones> kind) {
  return [kind](KeyResult& k) { k.kind = kind; };
}

auto Dates(std::optional<absl::CivilDay> start, std::optional<absl::CivilDay> due) {
  return [start, due](KeyResult& k) {
    k.start_date = start;
    k.due_date = due;
  };
}

Milestones Steps(std::vector<Milestone> milestones) { return {std::move(milestones)}; }

INSTANTIATE_TEST_SUITE_P(
    Texts, KeyResultFields,
    ::testing::Values(Case{"Right", [](KeyResult&) {}, ""},
                      Case{"NoTitle", [](KeyResult& k) { k.title = ""; }, "key_result.title"},
                      Case{"ControlCharacter", [](KeyResult& k) { k.description = "\x02"; },
                           "key_result.description"},
                      Case{"Weight", [](KeyResult& k) { k.weight = 1e6; }, ""},
                      Case{"WeightZero", [](KeyResult& k) { k.weight = 0; }, "key_result.weight"},
                      Case{"WeightInfinite", [](KeyResult& k) { k.weight = kInfinity; },
                           "key_result.weight"}),
    CaseName<KeyResult>);

INSTANTIATE_TEST_SUITE_P(
    Metrics, KeyResultFields,
    ::testing::Values(
        Case{"ToBeMeasured", Kind(Metric{.target = 5}), ""},
        Case{"ChangeOfWhatIsToBeMeasured", Kind(Metric{.target_change_percent = 40}), ""},
        Case{"ChangeOfABaseline", Kind(Metric{.baseline = 10, .target_change_percent = -25}), ""},
        Case{"BaselineIsTarget", Kind(Metric{.baseline = 5, .target = 5}),
             "key_result.metric.target"},
        Case{"NoTarget", Kind(Metric{.baseline = 5}), "key_result.metric.target"},
        Case{"BothTargets", Kind(Metric{.baseline = 1, .target = 5, .target_change_percent = 4}),
             "key_result.metric.target_change_percent"},
        Case{"NoChange", Kind(Metric{.baseline = 1, .target_change_percent = 0}),
             "key_result.metric.target_change_percent"},
        Case{"ChangeOfZero", Kind(Metric{.baseline = 0, .target_change_percent = 40}),
             "key_result.metric.target_change_percent"},
        Case{"BaselineNotANumber", Kind(Metric{.baseline = NAN, .target = 1}),
             "key_result.metric.baseline"},
        Case{"TargetInfinite", Kind(Metric{.baseline = 1, .target = -kInfinity}),
             "key_result.metric.target"},
        Case{"AtTheLimit", Kind(Metric{.baseline = -1e15, .target = 1e15}), ""},
        Case{"TargetTooLarge", Kind(Metric{.baseline = 1, .target = 1.1e15}),
             "key_result.metric.target"},
        Case{"LongUnit", Kind(Metric{.target = 1, .unit = std::string(33, 'x')}),
             "key_result.metric.unit"}),
    CaseName<KeyResult>);

INSTANTIATE_TEST_SUITE_P(Ranges, KeyResultFields,
                         ::testing::Values(Case{"OneEnd", Kind(Maintain{.upper = 5}), ""},
                                           Case{"OnePoint", Kind(Maintain{.lower = 5, .upper = 5}),
                                                ""},
                                           Case{"NoEnd", Kind(Maintain{}), "key_result.maintain"},
                                           Case{"Crossed", Kind(Maintain{.lower = 6, .upper = 5}),
                                                "key_result.maintain.lower"},
                                           Case{"EndNotANumber", Kind(Maintain{.lower = NAN}),
                                                "key_result.maintain.lower"}),
                         CaseName<KeyResult>);

INSTANTIATE_TEST_SUITE_P(
    Milestones, KeyResultFields,
    ::testing::Values(Case{"OneStep", Kind(Steps({{.id = "a", .title = "A"}})), ""},
                      Case{"NoStep", Kind(Milestones{}), "key_result.milestones.milestones"},
                      Case{"TooManySteps", Kind(Steps(std::vector<Milestone>(101))),
                           "key_result.milestones.milestones"},
                      Case{"WrongId", Kind(Steps({{.id = "A b", .title = "A"}})),
                           "key_result.milestones.milestones[0].id"},
                      Case{"SameId",
                           Kind(Steps({{.id = "a", .title = "A"}, {.id = "a", .title = "B"}})),
                           "key_result.milestones.milestones[1].id"},
                      Case{"StepWithoutTitle", Kind(Steps({{.id = "a"}})),
                           "key_result.milestones.milestones[0].title"},
                      Case{"StepWithWrongWeight",
                           Kind(Steps({{.id = "a", .title = "A", .weight = -1}})),
                           "key_result.milestones.milestones[0].weight"}),
    CaseName<KeyResult>);

const absl::CivilDay kJanuary(2026, 1, 15);
const absl::CivilDay kMarch(2026, 3, 15);

INSTANTIATE_TEST_SUITE_P(
    Dates, KeyResultFields,
    ::testing::Values(Case{"Inside", Dates(kJanuary, kMarch), ""},
                      Case{"WholeCycle",
                           Dates(absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 3, 31)), ""},
                      Case{"StartBeforeCycle", Dates(absl::CivilDay(2025, 12, 31), std::nullopt),
                           "key_result.start_date"},
                      Case{"DueAfterCycle", Dates(std::nullopt, absl::CivilDay(2026, 4, 1)),
                           "key_result.due_date"},
                      Case{"Backwards", Dates(kMarch, kJanuary), "key_result.due_date"},
                      Case{"OneDay", Dates(kMarch, kMarch), "key_result.due_date"},
                      Case{"StartsOnTheLastDay", Dates(absl::CivilDay(2026, 3, 31), std::nullopt),
                           "key_result.start_date"}),
    CaseName<KeyResult>);

TEST(Normalized, MakesMinusZeroZero) {
  KeyResult key_result = RightKeyResult();
  key_result.kind = Metric{.baseline = -0.0, .target = 5};
  const KeyResult normalized = Normalized(key_result);
  const auto& metric = std::get<Metric>(normalized.kind);
  EXPECT_FALSE(std::signbit(*metric.baseline));
}

TEST(CreateKeyResult, TakesTheCycleOfItsObjective) {
  ASSERT_OK_AND_ASSIGN(const KeyResult created, CreateKeyResult(RightKeyResult(), RightObjective(),
                                                                RightCycle(), "ann", kLater));
  EXPECT_EQ(created.cycle, RightObjective().cycle);
  EXPECT_EQ(created.state, KeyResultState::kActive);
}

struct Surroundings {
  std::string what;
  KeyResultState key_result;
  ObjectiveState objective;
  CycleState cycle;
  std::string reason;
};

class KeyResultChanges : public ::testing::TestWithParam<Surroundings> {};

TEST_P(KeyResultChanges, GoByTheStatesAround) {
  KeyResult key_result = RightKeyResult();
  key_result.state = GetParam().key_result;
  Objective objective = RightObjective();
  objective.state = GetParam().objective;
  const Cycle cycle = RightCycle(GetParam().cycle);
  for (const auto& outcome : {ChangeKeyResult(key_result, key_result, objective, cycle, kNow),
                              RetireKeyResult(key_result, objective, cycle, "why", kNow),
                              DeleteKeyResult(key_result, objective, cycle, kNow)}) {
    if (GetParam().reason.empty()) {
      EXPECT_THAT(outcome, IsOk());
    } else {
      EXPECT_THAT(outcome, HasReason(GetParam().reason));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, KeyResultChanges,
    ::testing::Values(Surroundings{"Working", KeyResultState::kActive, ObjectiveState::kActive,
                                   CycleState::kActive, ""},
                      Surroundings{"Planning", KeyResultState::kActive, ObjectiveState::kDraft,
                                   CycleState::kDraft, ""},
                      Surroundings{"Retired", KeyResultState::kRetired, ObjectiveState::kActive,
                                   CycleState::kActive, "KEY_RESULT_STATE"},
                      Surroundings{"ObjectiveRetired", KeyResultState::kActive,
                                   ObjectiveState::kRetired, CycleState::kActive,
                                   "OBJECTIVE_STATE"},
                      Surroundings{"ObjectiveClosed", KeyResultState::kActive,
                                   ObjectiveState::kClosed, CycleState::kClosed, "OBJECTIVE_STATE"},
                      Surroundings{"Grading", KeyResultState::kActive, ObjectiveState::kActive,
                                   CycleState::kGrading, "CYCLE_STATE"}),
    [](const auto& info) { return info.param.what; });

TEST(ChangeKeyResult, MayChangeWhatIsMeasured) {
  KeyResult next = RightKeyResult();
  next.kind = Maintain{.lower = 1};
  ASSERT_OK_AND_ASSIGN(
      const KeyResult changed,
      ChangeKeyResult(RightKeyResult(), next, RightObjective(), RightCycle(), kLater));
  EXPECT_TRUE(std::holds_alternative<Maintain>(changed.kind));
  EXPECT_EQ(changed.times.update_time, kLater);
}

}  // namespace
}  // namespace okr::goals
