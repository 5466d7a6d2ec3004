#include "services/notifications/domain/status_rule.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

namespace okr::notifications {
namespace {

constexpr Status kAll[] = {Status::kUnspecified, Status::kOffTrack, Status::kAtRisk, Status::kStale,
                           Status::kUnmeasured,  Status::kOnTrack,  Status::kDone};

using Changes = std::set<std::tuple<Status, Status>>;

Changes ToldOf(Scored what) {
  Changes told;
  for (const Status before : kAll) {
    for (const Status after : kAll) {
      if (IsWorthTelling(what, before, after)) told.insert({before, after});
    }
  }
  return told;
}

// Every change that is told, of key results and objectives alike.
Changes Common() {
  using enum Status;
  return {{kUnspecified, kDone},     {kOffTrack, kDone},    {kAtRisk, kDone},
          {kStale, kDone},           {kUnmeasured, kDone},  {kOnTrack, kDone},
          {kOffTrack, kOnTrack},     {kAtRisk, kOnTrack},   {kStale, kOnTrack},
          {kDone, kOnTrack},         {kStale, kAtRisk},     {kUnmeasured, kAtRisk},
          {kUnspecified, kAtRisk},   {kOnTrack, kAtRisk},   {kDone, kAtRisk},
          {kAtRisk, kOffTrack},      {kStale, kOffTrack},   {kUnmeasured, kOffTrack},
          {kUnspecified, kOffTrack}, {kOnTrack, kOffTrack}, {kDone, kOffTrack}};
}

TEST(StatusRule, TellsOfKeyResultsWhatGotWorseRecoveredOrIsDone) {
  EXPECT_EQ(ToldOf(Scored::kKeyResult), Common());
}

TEST(StatusRule, TellsOfObjectivesAlsoThatTheyWentStale) {
  using enum Status;
  Changes expected = Common();
  expected.insert(
      {{kUnspecified, kStale}, {kUnmeasured, kStale}, {kOnTrack, kStale}, {kDone, kStale}});
  EXPECT_EQ(ToldOf(Scored::kObjective), expected);
}

TEST(StatusRule, LeavesOutTheFirstCheckIn) {
  EXPECT_FALSE(IsWorthTelling(Scored::kKeyResult, Status::kUnmeasured, Status::kOnTrack));
}

TEST(StatusRule, LeavesOutTheWayUpThatIsNotRecovered) {
  EXPECT_FALSE(IsWorthTelling(Scored::kKeyResult, Status::kOffTrack, Status::kAtRisk));
}

}  // namespace
}  // namespace okr::notifications
