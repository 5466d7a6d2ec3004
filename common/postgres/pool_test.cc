#include "common/postgres/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"
#include "common/postgres/sqlstate.h"
#include "common/testing/private_postgres.h"
#include "common/testing/status_matchers.h"

namespace okr::postgres {
namespace {

using ::okr::testing::HasReason;

constexpr Statement kOne{"test.one", "SELECT 1"};
constexpr Statement kPid{"test.pid", "SELECT pg_backend_pid()"};

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class PoolTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto server = okr::testing::PrivatePostgres::Make();
    ASSERT_OK(server);
    server_ = std::move(*server).release();
  }
  static void TearDownTestSuite() { delete server_; }

  PoolOptions Options(size_t size) {
    return {.connection = {.conninfo = server_->conninfo()},
            .size = size,
            .now = [this] { return absl::Now() + skipped_; },
            .random = [] { return 0.5; }};
  }

  static okr::testing::PrivatePostgres* server_;
  absl::Duration skipped_;
};

okr::testing::PrivatePostgres* PoolTest::server_ = nullptr;

TEST_F(PoolTest, LendsTheSameConnectionAgain) {
  ConnectionPool pool(Options(2));
  int first = 0;
  {
    ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
    first = lease->backend_pid();
  }
  ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
  EXPECT_EQ(lease->backend_pid(), first);
}

TEST_F(PoolTest, LendsNoMoreThanItsSize) {
  ConnectionPool pool(Options(1));
  ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
  const auto second = pool.Acquire(absl::Now() + absl::Milliseconds(10));
  EXPECT_THAT(second, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(pool.healthy());
}

TEST_F(PoolTest, WaitsForAConnectionThatComesBack) {
  ConnectionPool pool(Options(1));
  auto lease = pool.Acquire(Soon());
  ASSERT_OK(lease);
  std::thread waiting([&pool] { EXPECT_OK(pool.Acquire(Soon())); });
  { const ConnectionPool::Lease returned = *std::move(lease); }
  waiting.join();
}

TEST_F(PoolTest, RollsBackWhatABorrowerLeftOpen) {
  ConnectionPool pool(Options(1));
  {
    ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
    ASSERT_OK(lease->Execute(kBegin, {}, Soon()));
  }
  ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
  EXPECT_FALSE(lease->in_transaction());
  EXPECT_OK(lease->Execute(kOne, {}, Soon()));
}

TEST_F(PoolTest, KeepsNoConnectionWithQueuedStatements) {
  ConnectionPool pool(Options(1));
  {
    ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
    lease->Enqueue(kOne);
  }
  ASSERT_OK_AND_ASSIGN(const auto lease, pool.Acquire(Soon()));
  EXPECT_OK(lease->Execute(kPid, {}, Soon()));
}

TEST_F(PoolTest, NeedsNoDatabaseAtItsStart) {
  PoolOptions options = Options(1);
  options.connection.conninfo = "host=/nowhere";
  ConnectionPool pool(options);
  EXPECT_TRUE(pool.healthy());
  EXPECT_THAT(pool.Acquire(Soon()), HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_FALSE(pool.healthy());
}

TEST_F(PoolTest, TriesAgainOnlyAfterItsBackoff) {
  PoolOptions options = Options(1);
  options.connection.conninfo = "host=/nowhere";
  options.backoff = {.initial = absl::Hours(1), .longest = absl::Hours(2)};
  ConnectionPool pool(options);
  ASSERT_FALSE(pool.Acquire(Soon()).ok());
  const absl::Status status = pool.Acquire(Soon()).status();
  EXPECT_GT(DetailsOf(status).retry_delay.value_or(absl::ZeroDuration()), absl::Minutes(40));
}

TEST_F(PoolTest, RecoversAfterARestartOfTheServer) {
  ConnectionPool pool(Options(2));
  ASSERT_OK(pool.Probe(Soon()));
  ASSERT_OK(server_->Kill());
  EXPECT_THAT(pool.Probe(Soon()), HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_FALSE(pool.healthy());
  ASSERT_OK(server_->Start());
  skipped_ += absl::Hours(1);
  EXPECT_OK(pool.Probe(Soon() + skipped_));
  EXPECT_TRUE(pool.healthy());
}

TEST_F(PoolTest, IsFoundUnhealthyWhenTheServerStalls) {
  ConnectionPool pool(Options(1));
  ASSERT_OK(pool.Probe(Soon()));
  server_->Pause();
  EXPECT_FALSE(pool.Probe(absl::Now() + absl::Milliseconds(100)).ok());
  EXPECT_FALSE(pool.healthy());
  server_->Resume();
  EXPECT_OK(pool.Probe(Soon()));
}

TEST_F(PoolTest, ServesManyThreads) {
  ConnectionPool pool(Options(3));
  std::atomic<int> served = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&pool, &served] {
      for (int j = 0; j < 20; ++j) {
        const auto lease = pool.Acquire(Soon());
        if (lease.ok() && (*lease)->Execute(kOne, {}, Soon()).ok()) ++served;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served, 160);
}

}  // namespace
}  // namespace okr::postgres
