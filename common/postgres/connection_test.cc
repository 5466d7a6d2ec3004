#include "common/postgres/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "absl/time/clock.h"
#include "common/postgres/sqlstate.h"
#include "common/postgres/transaction.h"
#include "common/testing/private_postgres.h"
#include "common/testing/status_matchers.h"

namespace okr::postgres {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;
using ::testing::ElementsAre;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class ConnectionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto database = okr::testing::TestDatabase::Make();
    ASSERT_OK(database);
    database_ = std::move(*database).release();
  }
  static void TearDownTestSuite() { delete database_; }

  void SetUp() override { connection_ = Connect(); }

  static std::unique_ptr<Connection> Connect(bool prepared_statements = true) {
    auto connection = Connection::Open(
        {.conninfo = database_->conninfo(), .prepared_statements = prepared_statements});
    EXPECT_OK(connection);
    return std::move(connection).value();
  }

  absl::Status Run(const std::string& sql) { return connection_->ExecuteScript(sql, Soon()); }

  absl::StatusOr<Result> Query(absl::string_view sql, const Params& params = {}) {
    return connection_->Execute({"", sql}, params, Soon());
  }

  int64_t Count(absl::string_view table) {
    const std::string sql = absl::StrCat("SELECT count(*) FROM ", table);
    auto result = Query(sql);
    EXPECT_OK(result);
    return result->GetInt64(0, 0);
  }

  static okr::testing::TestDatabase* database_;
  std::unique_ptr<Connection> connection_;
};

okr::testing::TestDatabase* ConnectionTest::database_ = nullptr;

TEST_F(ConnectionTest, RoundTripsEachType) {
  const absl::Time time = absl::FromUnixMicros(1760000000123456);
  const Uuid uuid = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255};
  const std::string bytes("a\0b\xff", 4);
  ASSERT_OK_AND_ASSIGN(Result row, Query("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9",
                                         Params()
                                             .Text("grüße")
                                             .Bytes(bytes)
                                             .Int64(std::numeric_limits<int64_t>::min())
                                             .Int32(-7)
                                             .Double(0.1)
                                             .Bool(true)
                                             .Timestamp(time)
                                             .Date(absl::CivilDay(1999, 12, 31))
                                             .Uuid(uuid)));
  EXPECT_EQ(row.GetText(0, 0), "grüße");
  EXPECT_EQ(row.GetBytes(0, 1), bytes);
  EXPECT_EQ(row.GetInt64(0, 2), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(row.GetInt32(0, 3), -7);
  EXPECT_EQ(row.GetDouble(0, 4), 0.1);
  EXPECT_TRUE(row.GetBool(0, 5));
  EXPECT_EQ(row.GetTime(0, 6), time);
  EXPECT_EQ(row.GetDate(0, 7), absl::CivilDay(1999, 12, 31));
  EXPECT_EQ(row.GetUuid(0, 8), uuid);
}

TEST_F(ConnectionTest, MeansTheSameValuesAsTheServer) {
  ASSERT_OK_AND_ASSIGN(
      Result row,
      Query("SELECT $1 = timestamptz '2026-11-22 10:00:00.5+00', $2 = timestamptz 'infinity', "
            "$3 = date '2026-02-28', $4 = uuid '01020304-0506-0708-090a-0b0c0d0e0f10'",
            Params()
                .Timestamp(absl::FromUnixMillis(1795341600500))
                .Timestamp(absl::InfiniteFuture())
                .Date(absl::CivilDay(2026, 2, 28))
                .Uuid({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})));
  for (int column = 0; column < 4; ++column) EXPECT_TRUE(row.GetBool(0, column)) << column;
}

TEST_F(ConnectionTest, ReadsNulls) {
  ASSERT_OK_AND_ASSIGN(Result row,
                       Query("SELECT $1::text, $2::bigint, 1::bigint",
                             Params().Null().Optional(&Params::Int64, std::optional<int64_t>())));
  EXPECT_TRUE(row.IsNull(0, 0));
  EXPECT_EQ(row.Optional(&Result::GetInt64, 0, 1), std::nullopt);
  EXPECT_EQ(row.Optional(&Result::GetInt64, 0, 2), 1);
}

TEST_F(ConnectionTest, UnnestsArraysOfEachTypeWithNulls) {
  const absl::Time time = absl::FromUnixSeconds(1760000000);
  const std::vector<std::optional<std::string>> texts = {"a", std::nullopt, "c"};
  const std::vector<std::optional<absl::string_view>> bytes = {std::nullopt, "x", "y"};
  const std::vector<std::optional<int64_t>> numbers = {1, 2, std::nullopt};
  const std::vector<double> doubles = {0.5, -0.0, std::numeric_limits<double>::infinity()};
  const std::vector<bool> bools = {true, false, true};
  const std::vector<std::optional<absl::Time>> times = {time, std::nullopt, std::nullopt};
  const std::vector<Uuid> uuids = {Uuid{1}, Uuid{2}, Uuid{3}};
  const std::vector<absl::CivilDay> days(3, absl::CivilDay(2026, 1, 1));
  const std::vector<int32_t> integers = {-1, 0, 1};
  ASSERT_OK_AND_ASSIGN(
      Result rows,
      Query("SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)", Params()
                                                                            .TextArray(texts)
                                                                            .BytesArray(bytes)
                                                                            .Int64Array(numbers)
                                                                            .DoubleArray(doubles)
                                                                            .BoolArray(bools)
                                                                            .TimestampArray(times)
                                                                            .UuidArray(uuids)
                                                                            .DateArray(days)
                                                                            .Int32Array(integers)));
  ASSERT_EQ(rows.rows(), 3);
  EXPECT_EQ(rows.GetText(0, 0), "a");
  EXPECT_TRUE(rows.IsNull(1, 0));
  EXPECT_TRUE(rows.IsNull(0, 1));
  EXPECT_EQ(rows.GetBytes(2, 1), "y");
  EXPECT_EQ(rows.GetInt64(1, 2), 2);
  EXPECT_TRUE(rows.IsNull(2, 2));
  EXPECT_TRUE(std::signbit(rows.GetDouble(1, 3)));
  EXPECT_EQ(rows.GetDouble(2, 3), std::numeric_limits<double>::infinity());
  EXPECT_FALSE(rows.GetBool(1, 4));
  EXPECT_EQ(rows.GetTime(0, 5), time);
  EXPECT_EQ(rows.GetUuid(1, 6), Uuid{2});
  EXPECT_EQ(rows.GetDate(2, 7), absl::CivilDay(2026, 1, 1));
  EXPECT_EQ(rows.GetInt32(0, 8), -1);
}

TEST_F(ConnectionTest, SendsEmptyArrays) {
  ASSERT_OK_AND_ASSIGN(
      Result row,
      Query("SELECT cardinality($1), cardinality($2), $1",
            Params().TextArray(std::vector<std::string>()).Int64Array(std::vector<int64_t>())));
  EXPECT_EQ(row.GetInt32(0, 0), 0);
  EXPECT_EQ(row.GetInt32(0, 1), 0);
  EXPECT_TRUE(row.GetTextArray(0, 2).empty());
}

TEST_F(ConnectionTest, ReadsArrays) {
  ASSERT_OK_AND_ASSIGN(Result row, Query("SELECT ARRAY['a', NULL, 'ccc'], ARRAY[5::bigint, NULL], "
                                         "ARRAY[0.25::float8]"));
  EXPECT_THAT(row.GetTextArray(0, 0),
              ElementsAre(std::optional<absl::string_view>("a"), std::nullopt,
                          std::optional<absl::string_view>("ccc")));
  EXPECT_THAT(row.GetInt64Array(0, 1), ElementsAre(std::optional<int64_t>(5), std::nullopt));
  EXPECT_THAT(row.GetDoubleArray(0, 2), ElementsAre(std::optional<double>(0.25)));
}

TEST_F(ConnectionTest, ProjectsTheItemsOfAnArray) {
  struct Row {
    std::string name;
    int64_t version = 0;
  };
  const std::vector<Row> rows = {{"a", 1}, {"b", 2}};
  ASSERT_OK_AND_ASSIGN(
      Result result,
      Query("SELECT $1, $2",
            Params().TextArray(rows, &Row::name).Int64Array(rows, [](const Row& row) {
              return row.version;
            })));
  EXPECT_EQ(result.GetTextArray(0, 0)[1], "b");
  EXPECT_EQ(result.GetInt64Array(0, 1)[1], 2);
}

TEST_F(ConnectionTest, PreparesAStatementOnce) {
  constexpr Statement kStatement{"test.once", "SELECT $1::bigint + 1"};
  for (int64_t i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(Result row, connection_->Execute(kStatement, Params().Int64(i), Soon()));
    EXPECT_EQ(row.GetInt64(0, 0), i + 1);
  }
  ASSERT_OK_AND_ASSIGN(
      Result prepared,
      Query("SELECT count(*) FROM pg_prepared_statements WHERE name = 'test.once'"));
  EXPECT_EQ(prepared.GetInt64(0, 0), 1);
}

// A function that says it is immutable is called when a plan is made.
TEST_F(ConnectionTest, MakesPlansAnewFromTimeToTime) {
  ASSERT_OK(
      Run("CREATE SEQUENCE plans; CREATE FUNCTION plan_number() RETURNS bigint LANGUAGE plpgsql "
          "IMMUTABLE AS 'BEGIN RETURN nextval(''plans''); END'"));
  constexpr Statement kStatement{"test.plan_number", "SELECT plan_number()"};
  const auto plan_number = [&](absl::Duration plans_last) {
    connection_ =
        Connection::Open({.conninfo = database_->conninfo(), .plans_last = plans_last}).value();
    int64_t number = 0;
    for (int i = 0; i < 3; ++i) {
      for (const bool in_transaction : {false, true}) {
        if (in_transaction) connection_->Enqueue(kBegin);
        connection_->Enqueue(kStatement);
        if (in_transaction) connection_->Enqueue(kCommit);
        const auto results = connection_->Flush(Soon());
        EXPECT_OK(results);
        EXPECT_EQ(results->size(), in_transaction ? 3 : 1);
        number = (*results)[in_transaction ? 1 : 0].GetInt64(0, 0);
      }
    }
    return number;
  };
  const int64_t kept = plan_number(absl::Hours(1));
  EXPECT_EQ(plan_number(absl::ZeroDuration()) - kept, 6);
}

TEST_F(ConnectionTest, PreparesNothingForAPooler) {
  connection_ = Connect(/*prepared_statements=*/false);
  constexpr Statement kStatement{"test.pooler", "SELECT $1::bigint"};
  ASSERT_OK(connection_->Execute(kStatement, Params().Int64(1), Soon()));
  ASSERT_OK_AND_ASSIGN(Result prepared, Query("SELECT count(*) FROM pg_prepared_statements"));
  EXPECT_EQ(prepared.GetInt64(0, 0), 0);
}

TEST_F(ConnectionTest, RefusesTwoTextsOfOneName) {
  ASSERT_OK(connection_->Execute({"test.same", "SELECT 1"}, {}, Soon()));
  EXPECT_THAT(connection_->Execute({"test.same", "SELECT 2"}, {}, Soon()),
              HasCode(absl::StatusCode::kInternal));
  EXPECT_TRUE(connection_->broken());
}

TEST_F(ConnectionTest, PreparesAgainWhatAnAbortedPipelineSkipped) {
  constexpr Statement kSkipped{"test.skipped", "SELECT 5::bigint"};
  connection_->Enqueue({"", "SELECT 1/0"});
  connection_->Enqueue(kSkipped);
  ASSERT_FALSE(connection_->Flush(Soon()).ok());
  EXPECT_OK(connection_->Execute(kSkipped, {}, Soon()));
}

TEST_F(ConnectionTest, PreparesAgainWhatTheServerForgot) {
  constexpr Statement kForgotten{"test.forgotten", "SELECT 5::bigint"};
  ASSERT_OK(connection_->Execute(kForgotten, {}, Soon()));
  ASSERT_OK(Query("DEALLOCATE ALL"));
  const absl::Status status = connection_->Execute(kForgotten, {}, Soon()).status();
  EXPECT_TRUE(IsRetryable(status));
  EXPECT_TRUE(connection_->broken());
  ASSERT_OK(connection_->Reset());
  EXPECT_OK(connection_->Execute(kForgotten, {}, Soon()));
}

TEST_F(ConnectionTest, PipelineGivesAResultForEachStatement) {
  ASSERT_OK(Run("CREATE TABLE pipeline_results (id bigint)"));
  connection_->Enqueue(kBegin);
  connection_->Enqueue({"", "INSERT INTO pipeline_results SELECT generate_series(1, 3)"});
  const size_t read = connection_->Enqueue({"", "SELECT count(*) FROM pipeline_results"});
  connection_->Enqueue(kCommit);
  ASSERT_OK_AND_ASSIGN(const std::vector<Result> results, connection_->Flush(Soon()));
  ASSERT_EQ(results.size(), 4);
  EXPECT_EQ(results[1].affected(), 3);
  EXPECT_EQ(results[read].GetInt64(0, 0), 3);
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(ConnectionTest, PipelineTellsWhichStatementFailedAndUndoesAll) {
  ASSERT_OK(Run("CREATE TABLE pipeline_abort (id bigint PRIMARY KEY)"));
  connection_->Enqueue(kBegin);
  connection_->Enqueue({"test.insert", "INSERT INTO pipeline_abort VALUES (1)"});
  const size_t twice =
      connection_->Enqueue({"test.insert", "INSERT INTO pipeline_abort VALUES (1)"});
  connection_->Enqueue(kCommit);
  const absl::Status status = connection_->Flush(Soon()).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(FailureOf(status)->statement, twice);
  EXPECT_EQ(FailureOf(status)->constraint, "pipeline_abort_pkey");
  EXPECT_TRUE(IsRefused(status));
  EXPECT_FALSE(IsOutcomeUnknown(status));
  EXPECT_TRUE(connection_->in_transaction());
  ASSERT_OK(connection_->Rollback(Soon()));
  EXPECT_FALSE(connection_->broken());
  EXPECT_EQ(Count("pipeline_abort"), 0);
}

TEST_F(ConnectionTest, StatementsWithoutBeginAreOneTransaction) {
  ASSERT_OK(Run("CREATE TABLE implicit (id bigint PRIMARY KEY)"));
  connection_->Enqueue({"", "INSERT INTO implicit VALUES (1)"});
  connection_->Enqueue({"", "SELECT 1/0"});
  EXPECT_THAT(connection_->Flush(Soon()), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(Count("implicit"), 0);
}

TEST_F(ConnectionTest, SendsAndReadsMoreThanTheSocketsHold) {
  const std::string large(100000, 'x');
  for (int i = 0; i < 200; ++i) {
    connection_->Enqueue({"test.echo", "SELECT $1::text"}, Params().Text(large));
  }
  ASSERT_OK_AND_ASSIGN(const std::vector<Result> results, connection_->Flush(Soon()));
  ASSERT_EQ(results.size(), 200);
  EXPECT_EQ(results.back().GetText(0, 0), large);
}

TEST_F(ConnectionTest, CommitOfAFailedTransactionIsAnError) {
  connection_->Enqueue(kBegin);
  connection_->Enqueue({"", "SELECT 1/0"});
  ASSERT_FALSE(connection_->Flush(Soon()).ok());
  connection_->Enqueue(kCommit);
  EXPECT_FALSE(connection_->Flush(Soon()).ok());
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(ConnectionTest, DeferredConstraintFailsTheCommitWithAKnownOutcome) {
  ASSERT_OK(Run("CREATE TABLE deferred (id bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)"));
  connection_->Enqueue(kBegin);
  connection_->Enqueue({"", "INSERT INTO deferred VALUES (1), (1)"});
  connection_->Enqueue(kCommit);
  const absl::Status status = connection_->Flush(Soon()).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_FALSE(IsOutcomeUnknown(status));
}

TEST_F(ConnectionTest, NeverShowsTheServersWordsInTheMessage) {
  const absl::Status status = Query("SELECT secret_column FROM secret_table").status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kInternal));
  EXPECT_THAT(std::string(status.message()), ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_THAT(LogDetailOf(status), ::testing::HasSubstr("secret_table"));
}

TEST_F(ConnectionTest, AScriptIsOneTransaction) {
  EXPECT_FALSE(Run("CREATE TABLE script (id bigint); SELECT 1/0").ok());
  EXPECT_OK(Run("CREATE TABLE script (id bigint); INSERT INTO script VALUES (1)"));
  EXPECT_EQ(Count("script"), 1);
}

TEST_F(ConnectionTest, StatementTimeoutIsUnavailable) {
  ASSERT_OK(Query("SET statement_timeout = 20"));
  const absl::Status status = Query("SELECT pg_sleep(20)").status();
  EXPECT_THAT(status, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(FailureOf(status)->timed_out);
  EXPECT_FALSE(connection_->broken());
}

TEST_F(ConnectionTest, RefusesAConninfoThatCannotBeRead) {
  EXPECT_THAT(Connection::Open({.conninfo = "no such thing"}),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(ConnectionTest, UnreachableServerIsUnavailableWithRetryAdvice) {
  const absl::Status status = Connection::Open({.conninfo = "host=/nowhere"}).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(status, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(DetailsOf(status).retry_delay.has_value());
  EXPECT_TRUE(IsConnectionLost(status));
}

}  // namespace
}  // namespace okr::postgres
