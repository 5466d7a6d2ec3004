#include "common/postgres/transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/postgres/sqlstate.h"
#include "common/testing/private_postgres.h"
#include "common/testing/status_matchers.h"

namespace okr::postgres {
namespace {

using ::okr::testing::HasCode;

constexpr Statement kInsert{"test.insert", "INSERT INTO goals VALUES ($1, $2)"};
constexpr Statement kCount{"test.count", "SELECT count(*) FROM goals"};

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class TransactionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(database_, okr::testing::TestDatabase::Make());
    owner_ = Connect(database_->conninfo());
    const std::string role = absl::StrCat("okr_rls_test_", getpid());
    ASSERT_OK(owner_->ExecuteScript(
        absl::StrCat("DROP ROLE IF EXISTS ", role, "; CREATE ROLE ", role, " LOGIN;",
                     "CREATE TABLE goals (organization_id text, id bigint,",
                     "  PRIMARY KEY (organization_id, id));",
                     "ALTER TABLE goals ENABLE ROW LEVEL SECURITY;",
                     "ALTER TABLE goals FORCE ROW LEVEL SECURITY;",
                     "CREATE POLICY own ON goals USING (organization_id = ",
                     "  NULLIF(current_setting('okr.organization', true), ''));",
                     "GRANT SELECT, INSERT ON goals TO ", role),
        Soon()));
    connection_ = Connect(database_->ConninfoOf(role));
  }

  void TearDown() override {
    connection_.reset();
    EXPECT_OK(owner_->ExecuteScript("DROP TABLE goals", Soon()));
    EXPECT_OK(owner_->ExecuteScript(absl::StrCat("DROP ROLE okr_rls_test_", getpid()), Soon()));
    owner_.reset();
  }

  static std::unique_ptr<Connection> Connect(const std::string& conninfo) {
    auto connection = Connection::Open({.conninfo = conninfo});
    EXPECT_OK(connection);
    return std::move(connection).value();
  }

  absl::Status Insert(absl::string_view organization, int64_t id) {
    Transaction transaction = Transaction::Begin(*connection_, Soon());
    transaction.SwitchOrganization(organization);
    transaction.Enqueue(kInsert, Params().Text(organization).Int64(id));
    return transaction.Commit();
  }

  int64_t CountAll() {
    auto result = owner_->Execute(kCount, {}, Soon());
    EXPECT_OK(result);
    return result->GetInt64(0, 0);
  }

  int64_t CountOf(const std::optional<std::string>& organization) {
    Transaction transaction = Transaction::Begin(*connection_, Soon());
    if (organization) transaction.SwitchOrganization(*organization);
    auto result = transaction.Execute(kCount);
    EXPECT_OK(result);
    EXPECT_OK(transaction.Commit());
    return result->GetInt64(0, 0);
  }

  std::unique_ptr<okr::testing::TestDatabase> database_;
  std::unique_ptr<Connection> owner_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(TransactionTest, SeesItsOrganizationOnly) {
  ASSERT_OK(Insert("acme", 1));
  ASSERT_OK(Insert("acme", 2));
  ASSERT_OK(Insert("other", 1));
  EXPECT_EQ(CountOf("acme"), 2);
  EXPECT_EQ(CountOf("other"), 1);
}

TEST_F(TransactionTest, SeesNothingWithoutAnOrganization) {
  ASSERT_OK(owner_->Execute({"", "INSERT INTO goals VALUES ('', 1)"}, {}, Soon()));
  EXPECT_EQ(CountOf(std::nullopt), 0) << "the setting was never made";
  EXPECT_EQ(CountOf("acme"), 0);
  EXPECT_EQ(CountOf(std::nullopt), 0) << "the setting is '' after a transaction that made it";
}

TEST_F(TransactionTest, SwitchesTheOrganizationWithinOneTransaction) {
  Transaction transaction = Transaction::Begin(*connection_, Soon());
  for (const absl::string_view organization : {"acme", "other"}) {
    transaction.SwitchOrganization(organization);
    ASSERT_OK(transaction.Execute(kInsert, Params().Text(organization).Int64(1)));
    ASSERT_OK_AND_ASSIGN(Result count, transaction.Execute(kCount));
    EXPECT_EQ(count.GetInt64(0, 0), 1);
  }
  ASSERT_OK(transaction.Commit());
  EXPECT_EQ(CountAll(), 2);
}

TEST_F(TransactionTest, RefusesRowsOfAnotherOrganization) {
  Transaction transaction = Transaction::Begin(*connection_, Soon());
  transaction.SwitchOrganization("acme");
  const absl::Status status =
      transaction.Execute(kInsert, Params().Text("other").Int64(1)).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kInternal));
  EXPECT_EQ(SqlStateOf(status), "42501");
}

TEST_F(TransactionTest, RollsBackWhenItIsNotCommitted) {
  {
    Transaction transaction = Transaction::Begin(*connection_, Soon());
    transaction.SwitchOrganization("acme");
    ASSERT_OK(transaction.Execute(kInsert, Params().Text("acme").Int64(1)));
  }
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_FALSE(connection_->broken());
  EXPECT_EQ(CountAll(), 0);
}

TEST_F(TransactionTest, RollsBackAfterAFailure) {
  ASSERT_OK(Insert("acme", 1));
  EXPECT_THAT(Insert("acme", 1), HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_OK(Insert("acme", 2));
}

TEST_F(TransactionTest, DropsWhatWasQueuedAndNeverSent) {
  {
    Transaction transaction = Transaction::Begin(*connection_, Soon());
    transaction.SwitchOrganization("acme");
    transaction.Enqueue(kInsert, Params().Text("acme").Int64(1));
  }
  EXPECT_EQ(CountAll(), 0);
  EXPECT_OK(Insert("acme", 1));
}

TEST_F(TransactionTest, SerializationFailureIsRetryable) {
  const std::string serializable = "BEGIN ISOLATION LEVEL SERIALIZABLE";
  ASSERT_OK(owner_->ExecuteScript("CREATE TABLE counters AS SELECT 1::bigint AS n", Soon()));
  const auto other = Connect(database_->conninfo());
  const Statement begin{"", serializable};
  const Statement bump{"", "UPDATE counters SET n = n + 1"};
  ASSERT_OK(owner_->Execute(begin, {}, Soon()));
  ASSERT_OK(owner_->Execute({"", "SELECT * FROM counters"}, {}, Soon()));
  ASSERT_OK(other->Execute(bump, {}, Soon()));
  const absl::Status status = owner_->Execute(bump, {}, Soon()).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAborted));
  EXPECT_TRUE(IsRetryable(status));
  ASSERT_OK(owner_->Rollback(Soon()));
}

}  // namespace
}  // namespace okr::postgres
