// What connections tell of themselves.
#include "common/postgres/stats.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/postgres/connection.h"
#include "common/postgres/pool.h"
#include "common/testing/private_postgres.h"
#include "common/testing/status_matchers.h"

namespace okr::postgres {
namespace {

constexpr Statement kSlow{"test.slow", "SELECT pg_sleep(0.1)"};
constexpr Statement kQuick{"test.quick", "SELECT 1"};
constexpr Statement kWrong{"test.wrong", "SELECT 1 / 0"};

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class StatsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto database = okr::testing::TestDatabase::Make();
    ASSERT_OK(database);
    database_ = std::move(*database).release();
  }
  static void TearDownTestSuite() { delete database_; }

  Options With(ConnectionStats& stats) const {
    return {.conninfo = database_->conninfo(), .stats = &stats};
  }
  std::unique_ptr<Connection> Connect() {
    auto connection = Connection::Open(With(stats_));
    EXPECT_OK(connection);
    return *std::move(connection);
  }
  uint64_t Count(absl::string_view statement) { return times_.Of(statement).Take().counts.back(); }
  double Sum(absl::string_view statement) { return times_.Of(statement).Take().sum; }

  static okr::testing::TestDatabase* database_;
  metrics::HistogramMap times_{metrics::kStepSeconds};
  ConnectionStats stats_{.statements = &times_};
};

okr::testing::TestDatabase* StatsTest::database_ = nullptr;

TEST_F(StatsTest, CountsConnectionsWhileTheyCanBeUsed) {
  auto one = Connect();
  const auto two = Connect();
  EXPECT_EQ(stats_.open.value(), 2);
  one.reset();
  EXPECT_EQ(stats_.open.value(), 1);
  // What passes its deadline is broken.
  EXPECT_FALSE(two->Execute(kSlow, {}, absl::Now() + absl::Milliseconds(5)).ok());
  EXPECT_EQ(stats_.open.value(), 0);
  ASSERT_OK(two->Reset());
  EXPECT_EQ(stats_.open.value(), 1);
}

TEST_F(StatsTest, CountsConnectionsThatFail) {
  Options options = With(stats_);
  options.conninfo = "host=/nowhere";
  EXPECT_FALSE(Connection::Open(options).ok());
  EXPECT_EQ(stats_.connect_failures.value(), 1);
  EXPECT_EQ(stats_.open.value(), 0);
}

TEST_F(StatsTest, TimesEveryStatementThatIsAlone) {
  const auto connection = Connect();
  for (int i = 0; i < 20; ++i) ASSERT_OK(connection->Execute(kQuick, {}, Soon()));
  ASSERT_OK(connection->Execute(kSlow, {}, Soon()));
  EXPECT_EQ(Count("test.quick"), 20);
  EXPECT_EQ(Count("test.slow"), 1);
  EXPECT_GE(Sum("test.slow"), 0.09);
}

TEST_F(StatsTest, TimesTheStatementsOfAFlushApart) {
  const auto connection = Connect();
  const auto run = [&] {
    connection->Enqueue(kQuick);
    connection->Enqueue(kSlow);
    connection->Enqueue(kQuick);
    return connection->Flush(Soon()).status();
  };
  // One flush of thirteen stands for all.
  ASSERT_OK(run());
  ASSERT_OK(run());
  EXPECT_EQ(Count("test.quick"), 2 * ConnectionStats::kTimedFlushes);
  EXPECT_EQ(Count("test.slow"), ConnectionStats::kTimedFlushes);
  EXPECT_GE(Sum("test.slow"), 0.05 * ConnectionStats::kTimedFlushes);
  EXPECT_LT(Sum("test.quick") / static_cast<double>(Count("test.quick")), 0.05);
}

TEST_F(StatsTest, TimesNoStatementThatFailed) {
  const auto connection = Connect();
  EXPECT_FALSE(connection->Execute(kWrong, {}, Soon()).ok());
  EXPECT_EQ(Count("test.wrong"), 0);
}

TEST_F(StatsTest, ThePoolTellsWhatIsLent) {
  ConnectionPool pool({.connection = With(stats_), .size = 3});
  EXPECT_EQ(pool.counts().size, 3);
  {
    ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
    EXPECT_EQ(pool.counts().lent, 1);
    EXPECT_EQ(pool.counts().idle, 0);
  }
  EXPECT_EQ(pool.counts().lent, 0);
  EXPECT_EQ(pool.counts().idle, 1);
  EXPECT_EQ(stats_.open.value(), 1);
}

}  // namespace
}  // namespace okr::postgres
