#include "services/scoring/domain/policy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/testing/status_matchers.h"

namespace okr::scoring {
namespace {

using okr::testing::NamesField;

TEST(DefaultPolicy, IsValidAndNamed) {
  EXPECT_OK(ValidatePolicy(DefaultPolicy()));
  EXPECT_EQ(DefaultPolicy().version, "okr-v1");
}

TEST(BandOf, HasItsEdgesAfterRounding) {
  const std::pair<double, Band> cases[] = {{0.0, Band::kLimited},
                                           {0.3999, Band::kLimited},
                                           {0.39999999949, Band::kLimited},
                                           {0.3999999996, Band::kPartial},
                                           {0.4, Band::kPartial},
                                           {0.6999, Band::kPartial},
                                           {(0.7 + 0.7 + 0.7) / 3, Band::kDelivered},
                                           {0.7, Band::kDelivered},
                                           {1.0, Band::kDelivered}};
  for (const auto& [score, band] : cases) EXPECT_EQ(BandOf(DefaultPolicy(), score), band) << score;
}

TEST(VerdictOf, KnowsWhichEndsAreIncluded) {
  const std::pair<double, Verdict> cases[] = {
      {0.0, Verdict::kOverreached},     {0.2999, Verdict::kOverreached},
      {0.3, Verdict::kShort},           {0.5999, Verdict::kShort},
      {0.6, Verdict::kSweetSpot},       {std::nextafter(0.6, 0), Verdict::kSweetSpot},
      {0.7, Verdict::kSweetSpot},       {std::nextafter(0.7, 1), Verdict::kSweetSpot},
      {0.700000001, Verdict::kStrong},  {0.9, Verdict::kStrong},
      {0.900000001, Verdict::kTooSafe}, {1.0, Verdict::kTooSafe}};
  for (const auto& [mean, verdict] : cases) {
    EXPECT_EQ(VerdictOf(DefaultPolicy(), mean), verdict) << mean;
  }
}

TEST(StatusOfAttainment, IsStricterForPromises) {
  const Policy& policy = DefaultPolicy();
  EXPECT_EQ(StatusOfAttainment(policy.status, 0.7), Status::kOnTrack);
  EXPECT_EQ(StatusOfAttainment(policy.status, 0.6999999996), Status::kOnTrack);
  EXPECT_EQ(StatusOfAttainment(policy.status, 0.69), Status::kAtRisk);
  EXPECT_EQ(StatusOfAttainment(policy.status, 0.39), Status::kOffTrack);
  EXPECT_EQ(StatusOfAttainment(policy.committed_status, 0.89), Status::kAtRisk);
  EXPECT_EQ(StatusOfAttainment(policy.committed_status, 0.69), Status::kOffTrack);
}

TEST(ValidatePolicy, NamesEveryWrongField) {
  Policy policy = DefaultPolicy();
  policy.version = "";
  policy.bands[1].lower = 0.8;
  policy.verdicts.back().upper_included = false;
  policy.verdicts[0].upper = std::nan("");
  policy.status.at_risk = 0.75;
  policy.committed_status.on_track = 0.12345678912;
  policy.early.expected_below = 0;
  policy.min_group_size = 4;
  const absl::Status status = ValidatePolicy(policy);
  for (const char* field :
       {"version", "bands[2].lower", "verdicts", "verdicts[0].upper", "status.at_risk",
        "committed_status.on_track", "early.expected_below", "min_group_size"}) {
    EXPECT_THAT(status, NamesField(field));
  }
}

}  // namespace
}  // namespace okr::scoring
