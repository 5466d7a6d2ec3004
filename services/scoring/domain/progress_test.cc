#include "services/scoring/domain/progress.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/testing/status_matchers.h"
#include "services/scoring/domain/recompute_for_test.h"

namespace okr::scoring {
namespace {

using okr::testing::NamesField;
using testing::ExpectRecomputes;

const Window kWindow{absl::FromUnixSeconds(0), absl::FromUnixSeconds(1000)};

absl::Time At(int seconds) { return absl::FromUnixSeconds(seconds); }

Measurement Value(int when, double value) {
  return {.check_in = "c" + std::to_string(when),
          .effective_time = At(when),
          .create_time = At(when),
          .value = value};
}

Measurement Done(int when, std::vector<std::string> ids) {
  Measurement measurement{
      .check_in = "c" + std::to_string(when), .effective_time = At(when), .create_time = At(when)};
  measurement.milestones_done = std::move(ids);
  return measurement;
}

KeyResultProgress Of(const Measure& measure, const std::vector<Measurement>& measurements) {
  KeyResultProgress progress =
      ComputeProgress(DefaultPolicy(), {.name = "k1", .measure = measure}, measurements, kWindow);
  ExpectRecomputes(progress.explanation);
  return progress;
}

TEST(ValidateMeasure, RefusesABaselineThatEqualsTheTarget) {
  EXPECT_THAT(ValidateMeasure(Metric{5, 5}), NamesField("metric.target"));
  EXPECT_THAT(ValidateMeasure(Metric{0.0, -0.0}), NamesField("metric.target"));
}

TEST(ValidateMeasure, RefusesNumbersThatAreNone) {
  const absl::Status status = ValidateMeasure(Metric{std::nan(""), 2e15});
  EXPECT_THAT(status, NamesField("metric.baseline"));
  EXPECT_THAT(status, NamesField("metric.target"));
  EXPECT_THAT(ValidateMeasure(Maintain{-INFINITY, std::nullopt}), NamesField("maintain.lower"));
}

TEST(ValidateMeasure, TakesTheLimits) {
  EXPECT_OK(ValidateMeasure(Metric{-1e15, 1e15}));
  EXPECT_OK(ValidateMeasure(Maintain{5, 5}));
}

TEST(ValidateMeasure, TakesABaselineToBeMeasuredWithAnyTarget) {
  EXPECT_OK(ValidateMeasure(Metric{}));
  EXPECT_OK(ValidateMeasure(Metric{.target = 5}));
  EXPECT_OK(ValidateMeasure(Metric{.target_change_percent = -20}));
  EXPECT_THAT(ValidateMeasure(Metric{.baseline = 5}), NamesField("metric.target"));
}

TEST(ValidateMeasure, RefusesAChangeThatMakesNoTarget) {
  EXPECT_THAT(ValidateMeasure(Metric{.baseline = 0, .target_change_percent = 10}),
              NamesField("metric.target_change_percent"));
  EXPECT_THAT(ValidateMeasure(Metric{.target_change_percent = 0}),
              NamesField("metric.target_change_percent"));
  EXPECT_THAT(ValidateMeasure(Metric{.baseline = 1, .target = 2, .target_change_percent = 10}),
              NamesField("metric.target_change_percent"));
}

TEST(ValidateMeasure, RefusesRangesThatAreNone) {
  EXPECT_THAT(ValidateMeasure(Maintain{}), NamesField("maintain.lower"));
  EXPECT_THAT(ValidateMeasure(Maintain{2, 1}), NamesField("maintain.upper"));
}

TEST(ValidateMeasure, NamesEveryWrongMilestone) {
  EXPECT_THAT(ValidateMeasure(Milestones{}), NamesField("milestones"));
  const absl::Status status = ValidateMeasure(Milestones{{{"a", 1}, {"a", 0}, {"", -1}}});
  for (const char* field :
       {"milestones[1].id", "milestones[1].weight", "milestones[2].id", "milestones[2].weight"}) {
    EXPECT_THAT(status, NamesField(field));
  }
}

TEST(MetricProgress, IsZeroWithoutARawValueBeforeAnyCheckIn) {
  const KeyResultProgress progress = Of(Metric{0, 10}, {});
  EXPECT_EQ(progress.progress.value(), 0.0);
  EXPECT_FALSE(progress.raw || progress.measured || progress.done);
}

TEST(MetricProgress, IgnoresCheckInsWithoutAValue) {
  EXPECT_FALSE(Of(Metric{0, 10}, {Done(5, {"a"})}).measured);
  Measurement note = Value(20, 0);
  note.value.reset();
  EXPECT_EQ(Of(Metric{0, 10}, {Value(10, 4), note}).progress.value(), 0.4);
}

TEST(MetricProgress, IgnoresWhatWasObservedWhenItWasOver) {
  EXPECT_EQ(Of(Metric{0, 10}, {Value(999, 4), Value(1000, 9)}).progress.value(), 0.4);
}

TEST(MetricProgress, HasNoNegativeZero) {
  const KeyResultProgress progress = Of(Metric{45, 30}, {Value(1, 45)});
  EXPECT_FALSE(std::signbit(progress.raw.value()));
  EXPECT_FALSE(std::signbit(progress.progress.value()));
}

TEST(MetricProgress, StaysFiniteOverTheSmallestSpan) {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const KeyResultProgress progress = Of(Metric{0, tiny}, {Value(1, 1e15)});
  EXPECT_EQ(progress.raw.value(), 1e15);
  EXPECT_EQ(progress.progress.value(), 1.0);
}

TEST(MetricProgress, WorksAtTheLimits) {
  EXPECT_EQ(Of(Metric{-1e15, 1e15}, {Value(1, 0)}).progress.value(), 0.5);
  EXPECT_EQ(Of(Metric{1e15, -1e15}, {Value(1, -1e15)}).raw.value(), 1.0);
}

TEST(MetricProgress, IsDoneAtOrBeyondTheTargetInItsDirection) {
  EXPECT_TRUE(Of(Metric{0, 10}, {Value(1, 10)}).done);
  EXPECT_TRUE(Of(Metric{0, 10}, {Value(1, 11)}).done);
  EXPECT_FALSE(Of(Metric{0, 10}, {Value(1, std::nextafter(10.0, 0.0))}).done);
  EXPECT_TRUE(Of(Metric{10, 0}, {Value(1, -1)}).done);
  EXPECT_FALSE(Of(Metric{10, 0}, {Value(1, 11)}).done);
}

TEST(MetricProgress, TakesTheBaselineFromTheFirstCheckIn) {
  const KeyResultProgress progress = Of(Metric{.target = 20}, {Value(10, 10), Value(20, 15)});
  EXPECT_EQ(progress.baseline, 10.0);
  EXPECT_EQ(progress.progress.value(), 0.5);
}

TEST(MetricProgress, TakesTheCorrectedBaseline) {
  Measurement fix = Value(30, 0);
  fix.corrects = "c10";
  EXPECT_EQ(Of(Metric{.target = 20}, {Value(10, 10), Value(20, 15), fix}).progress.value(), 0.75);
}

TEST(MetricProgress, MakesTheTargetFromAChangeInPercent) {
  const KeyResultProgress progress =
      Of(Metric{.target_change_percent = -20}, {Value(10, 50), Value(20, 45)});
  EXPECT_EQ(progress.target, 40.0);
  EXPECT_EQ(progress.progress.value(), 0.5);
}

TEST(MetricProgress, IsZeroUntilATargetStands) {
  for (const Metric& metric :
       {Metric{}, Metric{.target = 10}, Metric{.target_change_percent = 1e17}}) {
    const KeyResultProgress progress = Of(metric, {Value(10, 10)});
    EXPECT_EQ(progress.progress.value(), 0.0);
    EXPECT_FALSE(progress.raw || progress.done);
    EXPECT_TRUE(progress.measured);
  }
}

TEST(MetricProgress, IsZeroRightAfterTheBaselineWasMeasured) {
  EXPECT_EQ(Of(Metric{.target = 20}, {Value(10, 10)}).raw, 0.0);
}

TEST(MaintainProgress, IncludesBothEnds) {
  const Maintain range{10, 12};
  EXPECT_TRUE(Of(range, {Value(1, 10)}).done);
  EXPECT_TRUE(Of(range, {Value(1, 12)}).done);
  EXPECT_FALSE(Of(range, {Value(1, std::nextafter(10.0, 0.0))}).done);
  EXPECT_FALSE(Of(range, {Value(1, std::nextafter(12.0, 13.0))}).done);
}

TEST(MaintainProgress, MayBeOpenAtOneEnd) {
  EXPECT_EQ(Of(Maintain{.lower = 1}, {Value(1, 1e15)}).progress.value(), 1.0);
  EXPECT_EQ(Of(Maintain{.upper = 1}, {Value(1, -1e15)}).raw, 1.0);
}

TEST(MilestonesProgress, IsExactlyOneWhenAllAreDone) {
  const Milestones thirds{{{"a", 0.1}, {"b", 0.2}, {"c", 0.7}}};
  const KeyResultProgress progress = Of(thirds, {Done(1, {"c", "b", "a"})});
  EXPECT_EQ(progress.progress.value(), 1.0);
  EXPECT_TRUE(progress.done);
}

TEST(MilestonesProgress, DoesNotDependOnTheOrderInWhichTheyAreListed) {
  const Measurement done = Done(1, {"a", "c"});
  const Milestones one{{{"a", 0.1}, {"b", 0.2}, {"c", 0.7}}};
  const Milestones other{{{"c", 0.7}, {"a", 0.1}, {"b", 0.2}}};
  EXPECT_EQ(Of(one, {done}).progress, Of(other, {done}).progress);
}

TEST(MilestonesProgress, CanFallAgainAndIgnoresUnknownMilestones) {
  const Milestones two{{{"a", 1}, {"b", 1}}};
  EXPECT_EQ(Of(two, {Done(1, {"a", "b"}), Done(2, {"b", "gone"})}).progress.value(), 0.5);
}

ShareInside Share(const Measure& measure, const std::vector<Measurement>& measurements, int now) {
  ShareInside share = ComputeShareInside(DefaultPolicy(), {.name = "k1", .measure = measure},
                                         measurements, kWindow, At(now));
  ExpectRecomputes(share.explanation);
  return share;
}

TEST(ShareInside, WeighsEachValueByTheTimeItStood) {
  const std::vector<Measurement> values = {Value(100, 1), Value(200, 9), Value(250, 1)};
  EXPECT_EQ(Share(Maintain{.upper = 5}, values, 300).share, 0.75);
}

TEST(ShareInside, EndsAtTheDueDateAndBeginsAtTheStart) {
  EXPECT_EQ(Share(Maintain{.upper = 5}, {Value(-500, 1), Value(250, 9)}, 5000).share, 0.25);
}

TEST(ShareInside, IsAbsentBeforeAnythingWasMeasured) {
  EXPECT_FALSE(Share(Maintain{.upper = 5}, {}, 300).share);
  EXPECT_FALSE(Share(Maintain{.upper = 5}, {Value(400, 1)}, 300).share);
  EXPECT_FALSE(Share(Metric{0, 1}, {Value(100, 1)}, 300).share);
}

}  // namespace
}  // namespace okr::scoring
