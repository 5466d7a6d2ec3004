#include "common/migrate/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::migrate {
namespace {

using ::okr::testing::HasCode;

absl::StatusOr<Service> Make(const std::vector<File>& files) { return MakeService("goals", files); }

TEST(MakeService, NamesSchemaAndRolesAfterTheService) {
  ASSERT_OK_AND_ASSIGN(const Service service, Make({}));
  EXPECT_EQ(service.names.schema, "okr_goals");
  EXPECT_EQ(service.names.runtime_role, "okr_goals_runtime");
  EXPECT_EQ(service.names.relay_role, "okr_goals_relay");
  EXPECT_EQ(service.names.migrate_role, "okr_goals_migrate");
  EXPECT_EQ(service.version(), 0);
}

TEST(MakeService, OrdersMigrationsAndReplacesVariables) {
  ASSERT_OK_AND_ASSIGN(
      const Service service,
      Make({{"0002_grant", "GRANT SELECT ON ${schema}.log TO ${relay_role}, ${runtime_role};"},
            {"0001_log", "CREATE TABLE ${schema}.log ();"}}));
  ASSERT_EQ(service.version(), 2);
  EXPECT_EQ(service.migrations[0].name, "log");
  EXPECT_EQ(service.migrations[1].text,
            "GRANT SELECT ON okr_goals.log TO okr_goals_relay, okr_goals_runtime;");
}

TEST(MakeService, ReadsWhichProgramsAMigrationExcludes) {
  ASSERT_OK_AND_ASSIGN(const Service service,
                       Make({{"0001_a", "SELECT 1;\n-- compatible-from: 1\n"}, {"0002_b", ""}}));
  EXPECT_EQ(service.migrations[0].compatible_from, 1);
  EXPECT_EQ(service.migrations[1].compatible_from, 0);
}

TEST(MakeService, RefusesWrongInput) {
  const std::vector<std::vector<File>> wrong = {
      {{"create_log", ""}},                    // No number.
      {{"0002_log", ""}},                      // A gap.
      {{"0001_log", ""}, {"0001_other", ""}},  // Twice.
      {{"0001_log", "${scheme}"}},             // No such variable.
      {{"0001_log", "${schema"}},
      {{"0001_log", "-- compatible-from: soon"}},
  };
  for (const auto& files : wrong) {
    EXPECT_THAT(Make(files), HasCode(absl::StatusCode::kInvalidArgument)) << files[0].first;
  }
  EXPECT_THAT(MakeService("Go als", {}), HasCode(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace okr::migrate
