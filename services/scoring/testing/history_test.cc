// Whatever happens, in whatever batches: what was computed step by step is what comes out when all
// is computed from nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "services/scoring/testing/world.h"

namespace okr::scoring::testing {
namespace {

constexpr int kObjectives = 8;
constexpr int kSteps = 120;

// One organization's random life, as events of goals and checkins.
class History {
 public:
  History(World& world, unsigned seed) : world_(world), random_(seed) {}

  void Begin() {
    for (int i = 0; i < kObjectives; ++i) {
      AddGoals(world_.Objective(absl::StrCat("o", i), [&](auto& objective) {
        if (i < 4) objective.set_roll_up(goals::v1::ROLL_UP_INCLUDE_ALIGNED);
      }));
      for (int k = 0; k < 2; ++k) AddGoals(world_.KeyResult(KeyResultOf(i, k)));
    }
  }
  void Step() {
    switch (Pick(8)) {
      case 0:
        return Realign(1 + Pick(kObjectives - 1));
      case 1:
        return AddGoals(world_.KeyResult(AnyKeyResult(), [&](auto& key_result) {
          key_result.set_weight(1 + Pick(4));
          key_result.set_state(Pick(5) == 0 ? goals::v1::KEY_RESULT_STATE_RETIRED
                                            : goals::v1::KEY_RESULT_STATE_ACTIVE);
        }));
      case 2:
        return AddGoals(world_.Objective(AnyObjective(), [&](auto& objective) {
          objective.set_commitment(static_cast<goals::v1::Commitment>(1 + Pick(3)));
          objective.set_state(Pick(5) == 0 ? goals::v1::OBJECTIVE_STATE_RETIRED
                                           : goals::v1::OBJECTIVE_STATE_ACTIVE);
        }));
      default:
        return AddCheckIn(world_.CheckIn(AnyKeyResult(), Pick(140) - 10));
    }
  }
  // Applies what was gathered, in one run for each source.
  void Flush() {
    if (!goals_.empty()) world_.Goals(std::exchange(goals_, {}));
    if (!check_ins_.empty()) world_.CheckIns(std::exchange(check_ins_, {}));
  }
  bool FlushNow() { return Pick(6) == 0; }

  const Events& all_goals() const { return all_goals_; }
  const Events& all_check_ins() const { return all_check_ins_; }

 private:
  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  static std::string KeyResultOf(int objective, int key_result) {
    return absl::StrCat("o", objective, "/k", key_result);
  }
  std::string AnyKeyResult() { return KeyResultOf(Pick(kObjectives), Pick(2)); }
  std::string AnyObjective() { return absl::StrCat("o", Pick(kObjectives)); }
  // Only to objectives before it, so that no circle is closed.
  void Realign(int child) {
    AddGoals(world_.Objective(absl::StrCat("o", child), [&](auto& objective) {
      objective.clear_alignments();
      for (int parent = 0; parent < child; ++parent) {
        if (Pick(3) != 0) continue;
        goals::v1::Alignment& added = *objective.add_alignments();
        added.set_parent(Full(absl::StrCat("objectives/o", parent)));
        added.set_weight(1 + Pick(3));
      }
    }));
  }
  void AddGoals(okr::events::v1::Event event) {
    all_goals_.push_back(event);
    goals_.push_back(std::move(event));
  }
  void AddCheckIn(okr::events::v1::Event event) {
    all_check_ins_.push_back(event);
    check_ins_.push_back(std::move(event));
  }

  World& world_;
  std::mt19937 random_;
  Events goals_;
  Events check_ins_;
  Events all_goals_;
  Events all_check_ins_;
};

// Evaluates everything at one moment, so that pace is of the same time.
void SweepTomorrow(World& world) {
  world.clock().Advance(absl::Hours(24));
  world.RunSweeps();
}

class Histories : public ::testing::TestWithParam<unsigned> {};

TEST_P(Histories, StepByStepIsAsFromNothing) {
  World step_by_step;
  History history(step_by_step, GetParam());
  history.Begin();
  for (int i = 0; i < kSteps; ++i) {
    history.Step();
    if (history.FlushNow()) history.Flush();
  }
  history.Flush();
  const auto before_sweep = step_by_step.ScoreRows();
  SweepTomorrow(step_by_step);

  World from_nothing;
  from_nothing.CheckIns(history.all_check_ins());
  from_nothing.Goals(history.all_goals());
  SweepTomorrow(from_nothing);
  EXPECT_EQ(step_by_step.ScoreRows(), from_nothing.ScoreRows());
  EXPECT_EQ(before_sweep.size(), from_nothing.ScoreRows().size());
}

// A sweep finds nothing to mend: only what follows the clock moves, which here stands still.
TEST_P(Histories, StepByStepLeavesNothingForTheSweep) {
  World world;
  History history(world, GetParam());
  history.Begin();
  for (int i = 0; i < kSteps; ++i) {
    history.Step();
    if (history.FlushNow()) history.Flush();
  }
  history.Flush();
  const auto before = world.ScoreRows();
  world.Goals({world.Organization()});
  EXPECT_GT(world.RunSweeps(), 0);
  EXPECT_EQ(world.ScoreRows(), before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Histories, ::testing::Values(1u, 2u, 3u, 4u));

}  // namespace
}  // namespace okr::scoring::testing
