// What happens when PostgreSQL, Redis or a service is away: clear answers, recovery without help,
// nothing lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "common/status/error.h"
#include "tests/support/company.h"

namespace okr::testing {
namespace {

class Outage : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = Suite::Start({.own_servers = true});
    ASSERT_TRUE(started.ok()) << started.status();
    suite_ = started->release();
  }
  static void TearDownTestSuite() {
    delete suite_;
    suite_ = nullptr;
  }

  inline static Suite* suite_ = nullptr;
};

constexpr absl::Duration kPatience = absl::Seconds(60);

TEST_F(Outage, WithRedisAwayWritesGoOnAndNothingIsLost) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  ASSERT_OK(suite_->redis().Kill());
  ASSERT_OK(company.CheckIn("ben", "o", 40));
  // The score follows over the owners' logs.
  Eventually([&] { return company.KeyResultScore("ben", "o"); },
             [](const auto& score) { return score.progress() == 0.4; }, kPatience);
  // It comes back empty, and is refilled.
  ASSERT_OK(suite_->redis().Start());
  ASSERT_OK(company.CheckIn("ben", "o", 60));
  Eventually([&] { return company.KeyResultScore("ben", "o"); },
             [](const auto& score) { return score.progress() == 0.6; }, kPatience);
}

TEST_F(Outage, WithPostgresAwayServicesSayNotServingAnswerUnavailableAndRecover) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  ASSERT_OK(suite_->postgres().Stop());
  for (const char* service : {"goals", "checkins", "scoring", "notifications"}) {
    EXPECT_OK(suite_->AwaitHealth(service, false, kPatience));
  }
  const absl::Status refused = company.CheckIn("ben", "o", 40).status();
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(refused, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(DetailsOf(refused).retry_delay.has_value());
  // Nor does anybody wait for a state that cannot come without it.
  const auto seen = std::make_shared<SeenTokens>();
  seen->Note("goals:9999999999:0:1");
  Caller waiting(*suite_, company.identity("ben"), seen);
  const absl::Status away =
      Send(waiting, company.Parse<scoring::v1::GetObjectiveScoreRequest>("name: '$O/objectives/o'"))
          .status();
  EXPECT_THAT(away, HasReason("DATABASE_UNAVAILABLE"));
  ASSERT_OK(suite_->postgres().Start());
  for (const char* service : {"goals", "checkins", "scoring", "notifications"}) {
    EXPECT_OK(suite_->AwaitHealth(service, true, kPatience));
  }
  EXPECT_OK(company.CheckIn("ben", "o", 40));
  Eventually([&] { return company.KeyResultScore("ben", "o"); },
             [](const auto& score) { return score.progress() == 0.4; }, kPatience);
}

TEST_F(Outage, KilledServicesGoOnWhereTheyWere) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  for (int round = 1; round <= 3; ++round) {
    for (const char* service : {"scoring", "checkins", "goals"}) {
      ASSERT_OK(suite_->StopService(service, SIGKILL));
      ASSERT_OK(suite_->StartService(service));
    }
    const double value = 10.0 * round;
    const std::string request_id = absl::StrCat("round-", round);
    const auto written = Eventually([&] { return company.CheckIn("ben", "o", value, request_id); },
                                    [](const auto&) { return true; }, kPatience);
    // The same request again is the same check-in.
    const auto again = company.CheckIn("ben", "o", value, request_id);
    ASSERT_OK(again);
    EXPECT_EQ(again->name(), written.name());
    Eventually([&] { return company.KeyResultScore("ben", "o"); },
               [value](const auto& score) { return score.value() == value; }, kPatience);
  }
}

TEST_F(Outage, AServiceDrainsAndEndsWithZero) {
  const auto exit_code = suite_->StopService("notifications", SIGTERM);
  ASSERT_OK(exit_code);
  EXPECT_EQ(*exit_code, 0);
  ASSERT_OK(suite_->StartService("notifications"));
  EXPECT_OK(suite_->AwaitHealth("notifications", true, kPatience));
}

}  // namespace
}  // namespace okr::testing
