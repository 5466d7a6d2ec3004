// What the services show of themselves on their admin ports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/testing/exposition.h"
#include "tests/support/company.h"

namespace okr::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr const char* kServices[] = {"goals", "checkins", "scoring", "notifications"};
constexpr char kGetKeyResult[] =
    R"(grpc_service="okr.goals.v1.GoalsService",grpc_method="GetKeyResult")";

class Metrics : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    // With TLS, so that all metrics are there.
    auto started = Suite::Start({.own_servers = true, .tls = true});
    ASSERT_OK(started);
    suite_ = started->release();
  }
  static void TearDownTestSuite() {
    delete suite_;
    suite_ = nullptr;
  }

  static std::string Scrape(const std::string& service) {
    const auto page = suite_->Admin(service, "/metrics");
    EXPECT_OK(page);
    return page.ok() ? page->body : "";
  }
  static double Sum(const std::string& service, absl::string_view name,
                    absl::string_view part = "") {
    return SumOf(Scrape(service), name, part);
  }
  // Waits until the sum of the series is as wanted; gives whether it came to that.
  static bool Becomes(const std::string& service, absl::string_view name, absl::string_view part,
                      double wanted) {
    const absl::Time end = absl::Now() + kPatience;
    while (Sum(service, name, part) != wanted) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(20));  // Between two looks.
    }
    return true;
  }

  inline static Suite* suite_ = nullptr;
};

std::string Word(absl::string_view cell) {
  cell = absl::StripAsciiWhitespace(cell);
  absl::ConsumePrefix(&cell, "`");
  absl::ConsumeSuffix(&cell, "`");
  return std::string(cell);
}

// The table of docs/metrics.md.
std::map<std::string, ExposedMetric> Documented() {
  std::map<std::string, ExposedMetric> metrics;
  std::ifstream file("docs/metrics.md");
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != 6 || !absl::StartsWith(cells[1], " `")) continue;
    ExposedMetric& metric = metrics[Word(cells[1])];
    metric.type = Word(cells[2]);
    for (const absl::string_view label : absl::StrSplit(cells[3], ' ', absl::SkipEmpty())) {
      metric.labels.insert(Word(label));
    }
  }
  return metrics;
}

std::string Describe(const std::map<std::string, ExposedMetric>& metrics) {
  return absl::StrJoin(metrics, "\n", [](std::string* out, const auto& metric) {
    absl::StrAppend(out, metric.first, " ", metric.second.type, " ",
                    absl::StrJoin(metric.second.labels, " "));
  });
}

TEST_F(Metrics, AreThoseOfTheDocumentation) {
  // The number of parked events comes with the first look at the owners.
  for (const char* service : kServices) {
    const absl::Time end = absl::Now() + kPatience;
    while (!MetricsIn(Scrape(service)).contains("okr_parked_events") && absl::Now() < end) {
      absl::SleepFor(absl::Milliseconds(20));
    }
  }
  std::map<std::string, ExposedMetric> shown;
  for (const char* service : kServices) {
    for (const auto& [name, metric] : MetricsIn(Scrape(service))) shown[name] = metric;
  }
  EXPECT_EQ(Describe(shown), Describe(Documented()));
}

TEST_F(Metrics, CountCallsExactly) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  const auto get = [&](absl::string_view key_result) {
    return company
        .Call<goals::v1::GetKeyResultRequest>(
            "ben", absl::StrCat("name: '$O/objectives/o/keyResults/", key_result, "'"))
        .ok();
  };
  const auto handled = [](absl::string_view code) {
    return Sum("goals", "grpc_server_handled_total",
               absl::StrCat(kGetKeyResult, ",grpc_code=\"", code, "\""));
  };
  const double started = Sum("goals", "grpc_server_started_total", kGetKeyResult);
  const double found = handled("OK");
  const double missing = handled("NotFound");
  const double timed = Sum("goals", "grpc_server_handling_seconds_count", kGetKeyResult);
  const double read = Sum("goals", "okr_batch_size_sum", "kind=\"read\"");
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(get("kr"));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(get("none"));
  EXPECT_EQ(Sum("goals", "grpc_server_started_total", kGetKeyResult), started + 10);
  EXPECT_EQ(handled("OK"), found + 7);
  EXPECT_EQ(handled("NotFound"), missing + 3);
  EXPECT_EQ(Sum("goals", "grpc_server_handling_seconds_count", kGetKeyResult), timed + 10);
  EXPECT_GE(Sum("goals", "okr_batch_size_sum", "kind=\"read\""), read + 10);
}

TEST_F(Metrics, ShowTheWayOfACheckIn) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  // Who starts with an empty inbox is told of an objective that serves theirs.
  ASSERT_OK(company.CreateObjective("mine", "people/ann"));
  const double written = Sum("checkins", "okr_batch_size_sum", "kind=\"write\"");
  const double told =
      Sum("notifications", "okr_notifications_created_total", "kind=\"objective_aligned\"");
  const double applied = Sum("scoring", "okr_consumer_applied_events_total", "source=\"checkins\"");
  ASSERT_OK(company.CheckIn("ben", "o", 40));
  ASSERT_OK(company.Align("o", "mine", 1));

  EXPECT_GE(Sum("checkins", "okr_batch_size_sum", "kind=\"write\""), written + 1);
  const std::string checkins = Scrape("checkins");
  EXPECT_GE(SumOf(checkins, "okr_batch_wait_seconds_count", "kind=\"write\""), written + 1);
  EXPECT_GT(SumOf(checkins, "okr_postgres_connections", "use=\"write\""), 0);
  EXPECT_EQ(SumOf(checkins, "okr_postgres_connections", "use=\"relay\""), 1);
  EXPECT_EQ(SumOf(checkins, "okr_relay_connected"), 2);

  EXPECT_TRUE(Becomes("notifications", "okr_notifications_created_total",
                      "kind=\"objective_aligned\"", told + 1));
  Eventually([&] { return company.KeyResultScore("ben", "o"); },
             [](const auto& score) { return score.progress() == 0.4; }, kPatience);
  EXPECT_GE(Sum("scoring", "okr_consumer_applied_events_total", "source=\"checkins\""),
            applied + 1);
  // All have caught up in the end.
  for (const char* service : kServices) {
    for (const char* name : {"okr_relay_lag_events", "okr_relay_lag_seconds",
                             "okr_consumer_lag_events", "okr_consumer_lag_seconds"}) {
      EXPECT_TRUE(Becomes(service, name, "", 0)) << service << " " << name;
    }
    EXPECT_GT(Sum(service, "okr_relay_published_events_total"), 0) << service;
    EXPECT_EQ(Sum(service, "okr_parked_events"), 0) << service;
    EXPECT_EQ(Sum(service, "okr_serving"), 1) << service;
  }
  EXPECT_EQ(Sum("notifications", "okr_notifications_queue_events"), 0);
}

// One flush of some is timed, so it takes some writes until each statement was seen.
TEST_F(Metrics, ShowTheStatementsOfAWrite) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  const auto seen = [](absl::string_view statement) {
    return Sum("checkins", "okr_postgres_statement_seconds_count",
               absl::StrCat("statement=\"", statement, "\"")) > 0;
  };
  const absl::Time end = absl::Now() + kPatience;
  while (!seen("store.claim_requests") && absl::Now() < end) {
    ASSERT_OK(company.CheckIn("ben", "o", 40));
  }
  EXPECT_TRUE(seen("store.claim_requests"));
  EXPECT_TRUE(seen("okr.commit"));
}

TEST_F(Metrics, ShowWhatWaitsWhileRedisIsAway) {
  Company company(*suite_);
  ASSERT_OK(suite_->redis().Kill());
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  EXPECT_TRUE(Becomes("goals", "okr_relay_connected", "server=\"redis\"", 0));
  const absl::Time end = absl::Now() + kPatience;
  while (Sum("goals", "okr_relay_lag_events") == 0 && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_GT(Sum("goals", "okr_relay_lag_events"), 0);
  EXPECT_GT(Sum("goals", "okr_relay_lag_seconds"), 0);
  ASSERT_OK(suite_->redis().Start());
  EXPECT_TRUE(Becomes("goals", "okr_relay_lag_events", "", 0));
  EXPECT_EQ(Sum("goals", "okr_relay_lag_seconds"), 0);
}

// The server is there, but answers nobody: nothing on the admin port may wait for it.
TEST_F(Metrics, AnswerWhilePostgresHangs) {
  suite_->postgres().Pause();
  for (const char* service : kServices) {
    EXPECT_OK(suite_->AwaitHealth(service, false, kPatience));
    const absl::Time begin = absl::Now();
    const std::string shown = Scrape(service);
    EXPECT_LT(absl::Now() - begin, absl::Seconds(1)) << service;
    EXPECT_EQ(SumOf(shown, "okr_ready", "check=\"database\""), 0);
    EXPECT_EQ(SumOf(shown, "okr_serving"), 0);
    EXPECT_EQ(SumOf(shown, "okr_postgres_pool_size"), 4);
    ASSERT_OK_AND_ASSIGN(const auto ready, suite_->Admin(service, "/readyz"));
    EXPECT_EQ(ready.status, 503);
    EXPECT_THAT(ready.body, HasSubstr("database: "));
    ASSERT_OK_AND_ASSIGN(const auto live, suite_->Admin(service, "/livez"));
    EXPECT_EQ(live.status, 200);
  }
  suite_->postgres().Resume();
  for (const char* service : kServices) {
    EXPECT_OK(suite_->AwaitHealth(service, true, kPatience));
    EXPECT_TRUE(Becomes(service, "okr_serving", "", 1));
  }
}

TEST_F(Metrics, TellWhyAServiceIsNotReadyWithoutPostgres) {
  ASSERT_OK(suite_->postgres().Stop());
  for (const char* service : kServices) {
    EXPECT_OK(suite_->AwaitHealth(service, false, kPatience));
    ASSERT_OK_AND_ASSIGN(const auto ready, suite_->Admin(service, "/readyz"));
    EXPECT_EQ(ready.status, 503);
    EXPECT_THAT(ready.body, HasSubstr("database: "));
    ASSERT_OK_AND_ASSIGN(const auto live, suite_->Admin(service, "/livez"));
    EXPECT_EQ(live.status, 200);
    EXPECT_TRUE(Becomes(service, "okr_relay_connected", "server=\"postgres\"", 0));
    EXPECT_GT(Sum(service, "okr_postgres_connect_failures_total"), 0);
  }
  ASSERT_OK(suite_->postgres().Start());
  for (const char* service : kServices) {
    EXPECT_OK(suite_->AwaitHealth(service, true, kPatience));
    ASSERT_OK_AND_ASSIGN(const auto ready, suite_->Admin(service, "/readyz"));
    EXPECT_EQ(ready.status, 200);
    EXPECT_EQ(ready.body, "ok\n");
  }
}

}  // namespace
}  // namespace okr::testing
