// A connection whose server ends, dies or stalls at each moment of a flush.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/postgres/connection.h"
#include "common/postgres/sqlstate.h"
#include "common/testing/private_postgres.h"
#include "common/testing/status_matchers.h"

namespace okr::postgres {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class OutageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, okr::testing::PrivatePostgres::Make());
    connection_ = Connect();
    killer_ = Connect();
    ASSERT_OK(killer_->ExecuteScript("CREATE TABLE rows (id bigint)", Soon()));
  }

  std::unique_ptr<Connection> Connect() {
    auto connection = Connection::Open({.conninfo = server_->conninfo()});
    EXPECT_OK(connection);
    return std::move(connection).value();
  }

  // Ends the session of connection_ and waits until it has gone.
  void Terminate() {
    ASSERT_OK(killer_->Execute({"", "SELECT pg_terminate_backend($1, 10000)"},
                               Params().Int32(connection_->backend_pid()), Soon()));
  }

  int64_t Rows() {
    auto result = killer_->Execute({"", "SELECT count(*) FROM rows"}, {}, Soon());
    EXPECT_OK(result);
    return result->GetInt64(0, 0);
  }

  std::unique_ptr<okr::testing::PrivatePostgres> server_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Connection> killer_;
};

constexpr Statement kInsertRow{"test.insert", "INSERT INTO rows VALUES (1)"};

TEST_F(OutageTest, ConnectionLostWhileIdleCommitsNothingForSure) {
  Terminate();
  connection_->Enqueue(kInsertRow);
  const absl::Status status = connection_->Flush(Soon()).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(status, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(IsConnectionLost(status));
  EXPECT_FALSE(IsOutcomeUnknown(status));
  EXPECT_TRUE(connection_->broken());
  ASSERT_OK(connection_->Reset());
  EXPECT_OK(connection_->Execute(kInsertRow, {}, Soon()));
}

TEST_F(OutageTest, SessionEndedBeforeTheCommitHasAKnownOutcome) {
  connection_->Enqueue(kBegin);
  connection_->Enqueue(kInsertRow);
  connection_->Enqueue({"", "SELECT pg_terminate_backend(pg_backend_pid())"});
  connection_->Enqueue(kCommit);
  const absl::Status status = connection_->Flush(Soon()).status();
  EXPECT_EQ(SqlStateOf(status), "57P01");
  EXPECT_EQ(FailureOf(status)->statement, 2);
  EXPECT_TRUE(IsConnectionLost(status));
  EXPECT_FALSE(IsOutcomeUnknown(status));
  EXPECT_TRUE(connection_->broken());
  EXPECT_EQ(Rows(), 0);
}

TEST_F(OutageTest, OutcomeIsUnknownWhenTheServerStallsWithTheCommit) {
  server_->Pause();
  connection_->Enqueue(kBegin);
  connection_->Enqueue(kInsertRow);
  connection_->Enqueue(kCommit);
  const absl::Time before = absl::Now();
  const absl::Status status = connection_->Flush(absl::Now() + absl::Milliseconds(200)).status();
  EXPECT_LT(absl::Now() - before, absl::Seconds(10));
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(FailureOf(status)->timed_out);
  EXPECT_TRUE(IsOutcomeUnknown(status));
  EXPECT_TRUE(connection_->broken());
  server_->Resume();
}

TEST_F(OutageTest, OutcomeIsKnownWhenNoCommitWasSent) {
  server_->Pause();
  connection_->Enqueue(kBegin);
  connection_->Enqueue(kInsertRow);
  const absl::Status status = connection_->Flush(absl::Now() + absl::Milliseconds(200)).status();
  EXPECT_TRUE(FailureOf(status)->timed_out);
  EXPECT_FALSE(IsOutcomeUnknown(status));
  server_->Resume();
}

TEST_F(OutageTest, OutcomeIsUnknownWhenTheServerDiesWithTheCommit) {
  server_->Pause();
  connection_->Enqueue(kInsertRow);
  connection_->Enqueue({"", "SELECT 1"});
  std::thread killer([this] { EXPECT_OK(server_->Kill()); });
  const absl::Status status = connection_->Flush(Soon()).status();
  killer.join();
  EXPECT_TRUE(IsConnectionLost(status));
  EXPECT_TRUE(IsOutcomeUnknown(status));
}

TEST_F(OutageTest, CancelsWhatPassesItsDeadline) {
  const absl::Status status =
      connection_->Execute({"", "SELECT pg_sleep(1000)"}, {}, absl::Now() + absl::Milliseconds(100))
          .status();
  EXPECT_TRUE(FailureOf(status)->timed_out);
  EXPECT_TRUE(connection_->broken());
  const Statement running{"test.running",
                          "SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
                          "'SELECT pg_sleep(1000)%' AND state = 'active'"};
  const absl::Time deadline = Soon();
  int64_t count = 1;
  while (count > 0 && absl::Now() < deadline) {
    ASSERT_OK_AND_ASSIGN(Result row, killer_->Execute(running, {}, Soon()));
    count = row.GetInt64(0, 0);
  }
  EXPECT_EQ(count, 0);
}

TEST_F(OutageTest, ConnectingToAStalledServerEndsAtItsTimeout) {
  server_->Pause();
  const auto connection = Connection::Open(
      {.conninfo = server_->conninfo(), .connect_timeout = absl::Milliseconds(200)});
  EXPECT_THAT(connection, HasReason("DATABASE_UNAVAILABLE"));
  server_->Resume();
}

TEST_F(OutageTest, ServesAgainAfterARestart) {
  ASSERT_OK(server_->Stop());
  EXPECT_FALSE(connection_->Execute(kInsertRow, {}, Soon()).ok());
  EXPECT_THAT(connection_->Reset(), HasReason("DATABASE_UNAVAILABLE"));
  ASSERT_OK(server_->Start());
  ASSERT_OK(connection_->Reset());
  EXPECT_OK(connection_->Execute(kInsertRow, {}, Soon()));
}

TEST_F(OutageTest, IsRefusedRetryablyByAServerThatIsReadOnly) {
  ASSERT_OK(connection_->Execute({"", "SET default_transaction_read_only = on"}, {}, Soon()));
  const absl::Status status = connection_->Execute(kInsertRow, {}, Soon()).status();
  EXPECT_THAT(status, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(connection_->broken()) << "another connection may find the primary";
}

}  // namespace
}  // namespace okr::postgres
