#include "common/migrate/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"
#include "common/migrate/check_schema.h"
#include "common/migrate/commands.h"
#include "common/migrate/migrated_database.h"
#include "common/testing/status_matchers.h"

namespace okr::migrate {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

constexpr File kLog{
    "0001_log",
    "CREATE TABLE ${schema}.log (organization_id text, position bigint);\n"
    "ALTER TABLE ${schema}.log ENABLE ROW LEVEL SECURITY;\n"
    "ALTER TABLE ${schema}.log FORCE ROW LEVEL SECURITY;\n"
    "CREATE POLICY own ON ${schema}.log TO ${runtime_role} USING "
    "(organization_id = current_setting('okr.organization', true));\n"
    "CREATE POLICY relay ON ${schema}.log FOR SELECT TO ${relay_role} USING (true);\n"
    "GRANT SELECT, INSERT ON ${schema}.log TO ${runtime_role};\n"
    "GRANT SELECT ON ${schema}.log TO ${relay_role};\n"};
constexpr File kGoals{"0002_goals", "CREATE TABLE ${schema}.goals (id bigint);"};
constexpr File kBroken{"0002_broken", "CREATE TABLE ${schema}.half (); SELECT 1/0;"};

Service Make(const std::vector<File>& files) { return MakeService("mtest", files).value(); }

class RunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(database_, okr::testing::TestDatabase::Make());
    connection_ = Connect(database_->conninfo());
    ASSERT_OK(CreateRolesAndSchema(*connection_, Make({}), Soon()));
  }

  static std::unique_ptr<postgres::Connection> Connect(const std::string& conninfo) {
    auto connection = postgres::Connection::Open(ConnectionOptions(conninfo));
    EXPECT_OK(connection);
    return std::move(connection).value();
  }

  absl::Status Up(const std::vector<File>& files) {
    return migrate::Up(*connection_, Make(files), Soon());
  }

  int AppliedCount() {
    const auto applied = ReadApplied(*connection_, Make({}), Soon());
    EXPECT_OK(applied);
    return static_cast<int>(applied->size());
  }

  std::unique_ptr<okr::testing::TestDatabase> database_;
  std::unique_ptr<postgres::Connection> connection_;
};

TEST_F(RunnerTest, AppliesWhatIsMissingOnce) {
  ASSERT_OK(Up({kLog}));
  std::vector<int> applied;
  ASSERT_OK(migrate::Up(*connection_, Make({kLog, kGoals}), Soon(),
                        [&](const Migration& done) { applied.push_back(done.number); }));
  EXPECT_THAT(applied, ElementsAre(2));
  EXPECT_OK(Up({kLog, kGoals}));
  EXPECT_EQ(AppliedCount(), 2);
}

TEST_F(RunnerTest, FailedMigrationLeavesNothingBehindAndSaysWhy) {
  const absl::Status status = Up({kLog, kBroken});
  EXPECT_THAT(std::string(status.message()), HasSubstr("2_broken"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("division by zero"));
  EXPECT_EQ(AppliedCount(), 1);
  EXPECT_OK(Up({kLog, {"0002_broken", "CREATE TABLE ${schema}.half ()"}}));
}

TEST_F(RunnerTest, RefusesAChangedMigration) {
  ASSERT_OK(Up({kLog, kGoals}));
  const absl::Status status = Up({kLog, {"0002_goals", "CREATE TABLE ${schema}.other ()"}});
  EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("was changed"));
}

TEST_F(RunnerTest, RefusesARenamedMigration) {
  ASSERT_OK(Up({kLog, kGoals}));
  EXPECT_THAT(Up({kLog, {"0002_targets", kGoals.second}}),
              HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RunnerTest, RefusesASchemaOfANewerProgram) {
  ASSERT_OK(Up({kLog, kGoals}));
  const absl::Status status = Up({kLog});
  EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("newer program"));
}

TEST_F(RunnerTest, RefusesAHistoryWithAGap) {
  ASSERT_OK(Up({kLog, kGoals}));
  ASSERT_OK(
      connection_->ExecuteScript("DELETE FROM okr_mtest.schema_version WHERE number = 1", Soon()));
  EXPECT_THAT(Up({kLog, kGoals}), HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RunnerTest, RefusesAMigrationThatCommits) {
  EXPECT_THAT(Up({{"0001_commits", "COMMIT;"}}), HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(RunnerTest, TwoRunnersAtOnceApplyEachMigrationOnce) {
  std::vector<std::thread> runners;
  for (int i = 0; i < 4; ++i) {
    runners.emplace_back([this] {
      const auto connection = Connect(database_->conninfo());
      EXPECT_OK(migrate::Up(*connection, Make({kLog, kGoals}), Soon()));
    });
  }
  for (std::thread& runner : runners) runner.join();
  EXPECT_EQ(AppliedCount(), 2);
}

TEST_F(RunnerTest, WorksAsTheMigrateRole) {
  const Service service = Make({kLog, kGoals});
  const auto owner = Connect(database_->ConninfoOf(service.names.migrate_role));
  EXPECT_OK(migrate::Up(*owner, service, Soon()));
}

TEST_F(RunnerTest, CreatingRolesTwiceChangesNothing) {
  EXPECT_OK(CreateRolesAndSchema(*connection_, Make({}), Soon()));
}

TEST_F(RunnerTest, MissingSchemaSaysWhatToDo) {
  const Service unknown = MakeService("nowhere", std::vector<File>{kLog}).value();
  const absl::Status status = migrate::Up(*connection_, unknown, Soon());
  EXPECT_THAT(std::string(status.message()), HasSubstr("--create-roles"));
}

TEST_F(RunnerTest, RolesMayDoOnlyTheirPart) {
  ASSERT_OK(Up({kLog, kGoals}));
  ASSERT_OK(connection_->ExecuteScript("INSERT INTO okr_mtest.log VALUES ('acme', 1), ('other', 2)",
                                       Soon()));
  const postgres::Statement count{"", "SELECT count(*) FROM okr_mtest.log"};
  const auto visible = [&](const std::string& role) {
    const auto connection = Connect(database_->ConninfoOf(role));
    return connection->Execute(count, {}, Soon())->GetInt64(0, 0);
  };
  EXPECT_EQ(visible("okr_mtest_runtime"), 0);
  EXPECT_EQ(visible("okr_mtest_relay"), 2);
  EXPECT_EQ(visible("okr_mtest_migrate"), 2);
  const auto relay = Connect(database_->ConninfoOf("okr_mtest_relay"));
  EXPECT_FALSE(relay->Execute({"", "SELECT * FROM okr_mtest.goals"}, {}, Soon()).ok());
  const auto runtime = Connect(database_->ConninfoOf("okr_mtest_runtime"));
  EXPECT_FALSE(runtime->ExecuteScript("DROP TABLE okr_mtest.log", Soon()).ok());
  EXPECT_FALSE(runtime->ExecuteScript("CREATE TABLE okr_mtest.mine ()", Soon()).ok());
}

TEST_F(RunnerTest, CheckSchemaTellsTooOldFromTooNew) {
  const auto check = [this](int wanted) {
    const auto runtime = Connect(database_->ConninfoOf("okr_mtest_runtime"));
    return CheckSchema(*runtime, "okr_mtest", wanted, Soon());
  };
  EXPECT_THAT(check(1), HasReason("SCHEMA_VERSION_MISMATCH"));
  ASSERT_OK(Up({kLog}));
  EXPECT_OK(check(1));
  EXPECT_THAT(std::string(check(2).message()), HasSubstr("too old"));
  ASSERT_OK(Up({kLog, kGoals}));
  EXPECT_OK(check(1)) << "an older program works on while a newer schema is rolled out";
  ASSERT_OK(Up({kLog, kGoals, {"0003_drop", "-- compatible-from: 2\nSELECT 1"}}));
  EXPECT_OK(check(2));
  EXPECT_THAT(std::string(check(1).message()), HasSubstr("too new"));
}

TEST_F(RunnerTest, CommandsShowWhatIsApplied) {
  std::vector<std::string> lines;
  const auto run = [&](Command command, const std::string& service) {
    return migrate::Run(command, {.service = service, .database = database_->conninfo()},
                        {Make({kLog, kGoals})},
                        [&](absl::string_view line) { lines.emplace_back(line); });
  };
  ASSERT_OK(run(Command::kStatus, "all"));
  EXPECT_EQ(lines[0], "okr_mtest: version 0 of 2");
  lines.clear();
  ASSERT_OK(run(Command::kUp, "mtest"));
  EXPECT_THAT(lines, ElementsAre("okr_mtest: applied 0001_log", "okr_mtest: applied 0002_goals",
                                 "okr_mtest: at version 2"));
  EXPECT_THAT(run(Command::kUp, "other"), HasCode(absl::StatusCode::kInvalidArgument));
}

// A log of as many shards as chosen.
constexpr File kHeads{"0001_heads",
                      "CREATE TABLE ${schema}.log_heads AS SELECT generate_series(1, ${shards});"};

TEST_F(RunnerTest, CommandsRefuseAnotherNumberOfShardsThanTheLogHas) {
  const auto run = [&](Command command, int shards) {
    return migrate::Run(command, {.database = database_->conninfo(), .shards = shards},
                        {MakeService("mtest", std::vector<File>{kHeads}, shards).value()},
                        [](absl::string_view) {});
  };
  ASSERT_OK(run(Command::kUp, 16));
  EXPECT_OK(run(Command::kUp, 16));
  EXPECT_OK(run(Command::kStatus, 16));
  for (const Command command : {Command::kUp, Command::kStatus}) {
    const absl::Status status = run(command, 8);
    EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(std::string(status.message()), HasSubstr("made with 16 shards"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("--shards is 8: set it to 16"));
  }
}

TEST_F(RunnerTest, CommandsGiveUpOnADatabaseThatStaysAway) {
  EXPECT_THAT(
      migrate::Run(Command::kUp, {.database = "host=/nowhere", .wait = absl::ZeroDuration()}, {},
                   [](absl::string_view) {}),
      HasCode(absl::StatusCode::kUnavailable));
}

TEST(MigratedDatabase, GivesAConninfoForEachRole) {
  ASSERT_OK_AND_ASSIGN(const auto migrated, okr::testing::MakeMigratedDatabase(Make({kLog})));
  for (const std::string& conninfo :
       {migrated.superuser, migrated.runtime, migrated.relay, migrated.owner}) {
    EXPECT_OK(postgres::Connection::Open({.conninfo = conninfo}));
  }
}

}  // namespace
}  // namespace okr::migrate
