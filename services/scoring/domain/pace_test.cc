#include "services/scoring/domain/pace.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "services/scoring/domain/recompute_for_test.h"

namespace okr::scoring {
namespace {

using testing::ExpectRecomputes;

const Window kWindow{absl::FromUnixSeconds(0), absl::FromUnixSeconds(1000)};

absl::Time At(int seconds) { return absl::FromUnixSeconds(seconds); }

KeyResultProgress Measured(double raw, bool done = false) {
  KeyResultProgress progress;
  progress.progress = Progress::Clamped(raw);
  progress.raw = raw;
  progress.measured = true;
  progress.done = done;
  return progress;
}

struct Given {
  KeyResultProgress progress;
  int now = 500;
  Measure measure = Metric{0, 10};
  Commitment commitment = Commitment::kAspirational;
  std::optional<CheckInDue> next_check_in;
};

Pace Of(const Given& given) {
  Pace pace =
      ComputePace(DefaultPolicy(), {.name = "k1", .measure = given.measure}, given.commitment,
                  given.progress, kWindow, At(given.now), given.next_check_in, std::nullopt);
  ExpectRecomputes(pace.expected_explanation);
  ExpectRecomputes(pace.attainment_explanation);
  ExpectRecomputes(pace.status_explanation);
  return pace;
}

TEST(Expected, IsTheShareOfTimeThatIsOver) {
  EXPECT_EQ(Of({Measured(0), 250}).expected, 0.25);
  EXPECT_EQ(Of({Measured(0), -10}).expected, 0.0);
  EXPECT_EQ(Of({Measured(0), 2000}).expected, 1.0);
}

TEST(Attainment, IsProgressAgainstExpected) {
  EXPECT_EQ(Of({Measured(0.25), 500}).attainment, 0.5);
  EXPECT_EQ(Of({Measured(1.0), 500}).attainment, 2.0);
}

TEST(Attainment, IsFixedInTheFirstDays) {
  EXPECT_EQ(Of({Measured(0), 49}).attainment, 1.0);
  EXPECT_EQ(Of({Measured(-0.1), 49}).attainment, 0.5);
  EXPECT_EQ(Of({Measured(0), 50}).attainment, 0.0);
}

TEST(Status, FollowsAttainment) {
  EXPECT_EQ(Of({Measured(0.35)}).status, Status::kOnTrack);
  EXPECT_EQ(Of({Measured(0.34)}).status, Status::kAtRisk);
  EXPECT_EQ(Of({Measured(0.2)}).status, Status::kAtRisk);
  EXPECT_EQ(Of({Measured(0.19)}).status, Status::kOffTrack);
}

TEST(Status, IsStricterForPromises) {
  const Commitment promise = Commitment::kCommitted;
  EXPECT_EQ(Of({Measured(0.45), 500, Metric{0, 10}, promise}).status, Status::kOnTrack);
  EXPECT_EQ(Of({Measured(0.44), 500, Metric{0, 10}, promise}).status, Status::kAtRisk);
  EXPECT_EQ(Of({Measured(0.34), 500, Metric{0, 10}, promise}).status, Status::kOffTrack);
}

TEST(Status, IsAtRiskWhenTheFirstDaysWentTheWrongWay) {
  EXPECT_EQ(Of({Measured(-0.1), 10}).status, Status::kAtRisk);
}

TEST(Status, IsUnmeasuredWithoutACheckIn) {
  EXPECT_EQ(Of({KeyResultProgress{}, 10}).status, Status::kUnmeasured);
}

TEST(Status, IsStaleOnlyAfterTheGrace) {
  Given given{Measured(0.5)};
  given.next_check_in = {At(400), absl::Seconds(100)};
  EXPECT_EQ(Of(given).status, Status::kOnTrack);
  given.now = 501;
  EXPECT_EQ(Of(given).status, Status::kStale);
}

TEST(Status, IsStaleBeforeItIsUnmeasured) {
  EXPECT_EQ(Of({KeyResultProgress{}, 500, Metric{0, 10}, Commitment::kAspirational,
                CheckInDue{At(100), absl::ZeroDuration()}})
                .status,
            Status::kStale);
}

TEST(Status, IsDoneEvenWhenStale) {
  Given given{Measured(1.2, true)};
  given.next_check_in = {At(100), absl::ZeroDuration()};
  EXPECT_EQ(Of(given).status, Status::kDone);
}

TEST(Status, OfMaintainIsNeverDone) {
  const Measure range = Maintain{.upper = 5};
  EXPECT_EQ(Of({Measured(1, true), 10, range}).status, Status::kOnTrack);
  EXPECT_EQ(Of({Measured(0), 10, range}).status, Status::kOffTrack);
  EXPECT_EQ(Of({Measured(1, true), 500, range, Commitment::kAspirational,
                CheckInDue{At(100), absl::ZeroDuration()}})
                .status,
            Status::kStale);
}

TEST(StatedStatus, StandsBesideTheComputedOne) {
  const StatedStatus stated{Status::kOffTrack, "the supplier is gone", "people/ann", At(1)};
  const Pace pace =
      ComputePace(DefaultPolicy(), {.measure = Metric{0, 10}}, Commitment::kAspirational,
                  Measured(0.5), kWindow, At(500), std::nullopt, stated);
  EXPECT_EQ(pace.status, Status::kOnTrack);
  EXPECT_EQ(pace.stated, stated);
}

TEST(StatedStatus, NeedsAReason) {
  EXPECT_OK(ValidateStatedStatus({Status::kAtRisk, "a reason"}));
  EXPECT_THAT(ValidateStatedStatus({Status::kAtRisk, "  "}),
              okr::testing::NamesField("stated_status.reason"));
}

}  // namespace
}  // namespace okr::scoring
