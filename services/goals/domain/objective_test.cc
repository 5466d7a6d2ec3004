#include "services/goals/domain/objective.h"

#include <cmath>

#include "services/goals/domain/domain_test_support.h"

namespace okr::goals {
namespace {

using testing::HasReason;
using testing::IsOk;

using Case = FieldCase<Objective>;
class ObjectiveFields : public ::testing::TestWithParam<Case> {};

TEST_P(ObjectiveFields, AreChecked) {
  Objective objective = RightObjective();
  GetParam().change(objective);
  Violations violations;
  CheckObjective(objective, "objective.", violations);
  ExpectField(violations, GetParam().field);
}

Alignment To(const std::string& id, std::optional<double> weight = std::nullopt) {
  return {.parent = ObjectiveName(Acme(), id), .weight = weight};
}

INSTANTIATE_TEST_SUITE_P(
    All, ObjectiveFields,
    ::testing::Values(
        Case{"Right", [](Objective&) {}, ""},
        Case{"NoTitle", [](Objective& o) { o.title = ""; }, "objective.title"},
        Case{"LongDescription", [](Objective& o) { o.description = std::string(10'001, 'x'); },
             "objective.description"},
        Case{"LongWhy", [](Objective& o) { o.why = std::string(2'001, 'x'); }, "objective.why"},
        Case{"PrivateOfAPerson", [](Objective& o) { o.visibility = Visibility::kPrivate; }, ""},
        Case{"PrivateOfATeam",
             [](Objective& o) {
               o.visibility = Visibility::kPrivate;
               o.owner = Owner(TeamName(Acme(), "web"));
             },
             "objective.visibility"},
        Case{"SharedWithTooMany",
             [](Objective& o) {
               for (int i = 0; i < 101; ++i) {
                 o.shared_with.push_back(PersonName(Acme(), absl::StrCat("p", i)));
               }
             },
             "objective.shared_with"},
        Case{"SharedTwice",
             [](Objective& o) {
               o.shared_with = {PersonName(Acme(), "bob"), PersonName(Acme(), "bob")};
             },
             "objective.shared_with[1]"},
        Case{"ServesItself", [](Objective& o) { o.alignments = {To("o1")}; },
             "objective.alignments[0].parent"},
        Case{"ServesItsOwnKeyResult",
             [](Objective& o) {
               o.alignments = {{.parent = KeyResultName(ObjectiveName(Acme(), "o1"), "k")}};
             },
             "objective.alignments[0].parent"},
        Case{"ServesTwice",
             [](Objective& o) {
               o.alignments = {To("o2"), To("o2")};
             },
             "objective.alignments[1].parent"},
        Case{"WeightZero", [](Objective& o) { o.alignments = {To("o2", 0.0)}; },
             "objective.alignments[0].weight"},
        Case{"WeightTooLarge", [](Objective& o) { o.alignments = {To("o2", 1.1e6)}; },
             "objective.alignments[0].weight"},
        Case{"WeightNotANumber", [](Objective& o) { o.alignments = {To("o2", NAN)}; },
             "objective.alignments[0].weight"},
        Case{"TooManyAlignments",
             [](Objective& o) {
               for (int i = 0; i < 21; ++i) o.alignments.push_back(To(absl::StrCat("p", i)));
             },
             "objective.alignments"}),
    CaseName<Objective>);

TEST(CheckObjective, NamesAllWrongFieldsAtOnce) {
  Objective objective = RightObjective();
  objective.title = "";
  objective.why = "\x01";
  objective.alignments = {To("o1", -1)};
  Violations violations;
  CheckObjective(objective, "objective.", violations);
  EXPECT_EQ(DetailsOf(violations.ToStatus()).violations.size(), 4);
}

TEST(CreateObjective, BeginsAsADraft) {
  ASSERT_OK_AND_ASSIGN(const Objective created,
                       CreateObjective(RightObjective(), RightCycle(), "ann", kLater));
  EXPECT_EQ(created.state, ObjectiveState::kDraft);
  EXPECT_EQ(created.creator, "ann");
  EXPECT_EQ(created.times.create_time, kLater);
}

TEST(CreateObjective, NeedsACycleThatIsDraftOrActive) {
  for (const auto& [state, right] :
       std::vector<std::pair<CycleState, bool>>{{CycleState::kDraft, true},
                                                {CycleState::kActive, true},
                                                {CycleState::kGrading, false},
                                                {CycleState::kClosed, false}}) {
    const auto created = CreateObjective(RightObjective(), RightCycle(state), "ann", kNow);
    EXPECT_EQ(created.ok(), right) << NameOf(state);
    if (!right) {
      EXPECT_THAT(created, HasReason("CYCLE_STATE"));
    }
  }
}

TEST(ChangeObjective, MovesTheUpdateTimeOnlyIfSomethingChanges) {
  const Objective present = RightObjective();
  Objective next = present;
  EXPECT_EQ(ChangeObjective(present, next, RightCycle(), kLater)->times.update_time, kNow);
  next.title = "Another";
  EXPECT_EQ(ChangeObjective(present, next, RightCycle(), kLater)->times.update_time, kLater);
}

TEST(ActivateObjective, NeedsAKeyResult) {
  EXPECT_THAT(ActivateObjective(RightObjective(), RightCycle(), 0, kLater),
              HasReason("OBJECTIVE_STATE"));
  ASSERT_OK_AND_ASSIGN(const Objective active,
                       ActivateObjective(RightObjective(), RightCycle(), 1, kLater));
  EXPECT_EQ(active.state, ObjectiveState::kActive);
}

TEST(RetireObjective, KeepsTheReasonAndTheSuccessor) {
  const ObjectiveName successor(Acme(), "o2");
  ASSERT_OK_AND_ASSIGN(const Objective retired, RetireObjective(RightObjective(), RightCycle(),
                                                                "no need", successor, kLater));
  EXPECT_EQ(retired.state, ObjectiveState::kRetired);
  EXPECT_EQ(retired.retire_reason, "no need");
  EXPECT_EQ(retired.superseded_by, successor);
}

TEST(DeleteObjective, SetsTheDeleteTime) {
  EXPECT_EQ(DeleteObjective(RightObjective(), RightCycle(), kLater)->times.delete_time, kLater);
}

struct StateCase {
  ObjectiveState state;
  bool open;
  bool activates;
};

class ObjectiveStates : public ::testing::TestWithParam<StateCase> {
 protected:
  Objective Present() const {
    Objective objective = RightObjective();
    objective.state = GetParam().state;
    return objective;
  }
};

TEST_P(ObjectiveStates, DecideWhatMayHappen) {
  const Objective present = Present();
  const auto expect = [](const auto& outcome, bool right) {
    if (right) {
      EXPECT_THAT(outcome, IsOk());
    } else {
      EXPECT_THAT(outcome, HasReason("OBJECTIVE_STATE"));
    }
  };
  expect(ActivateObjective(present, RightCycle(), 1, kNow), GetParam().activates);
  expect(ChangeObjective(present, present, RightCycle(), kNow), GetParam().open);
  expect(RetireObjective(present, RightCycle(), "why", std::nullopt, kNow), GetParam().open);
  expect(DeleteObjective(present, RightCycle(), kNow), GetParam().open);
}

INSTANTIATE_TEST_SUITE_P(All, ObjectiveStates,
                         ::testing::Values(StateCase{ObjectiveState::kDraft, true, true},
                                           StateCase{ObjectiveState::kInReview, true, true},
                                           StateCase{ObjectiveState::kActive, true, false},
                                           StateCase{ObjectiveState::kClosed, false, false},
                                           StateCase{ObjectiveState::kRetired, false, false}));

TEST(EnsureOpen, FailsWhenTheCycleIsOver) {
  EXPECT_THAT(EnsureOpen(RightObjective(), RightCycle(CycleState::kGrading)),
              HasReason("CYCLE_STATE"));
}

TEST(CloseObjective, ClosesOnlyActiveOnes) {
  Objective objective = RightObjective();
  EXPECT_EQ(CloseObjective(objective, kLater), std::nullopt);
  objective.state = ObjectiveState::kActive;
  EXPECT_EQ(CloseObjective(objective, kLater)->state, ObjectiveState::kClosed);
  objective.times.delete_time = kNow;
  EXPECT_EQ(CloseObjective(objective, kLater), std::nullopt);
}

}  // namespace
}  // namespace okr::goals
