#include "common/migrate/migrated_database.h"

#include "absl/time/clock.h"
#include "common/migrate/runner.h"
#include "common/postgres/connection.h"
#include "common/status/macros.h"

namespace okr::testing {

absl::StatusOr<MigratedDatabase> MakeMigratedDatabase(const migrate::Service& service) {
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  OKR_ASSIGN_OR_RETURN(auto database, TestDatabase::Make());
  OKR_ASSIGN_OR_RETURN(
      const auto connection,
      postgres::Connection::Open(migrate::ConnectionOptions(database->conninfo())));
  OKR_RETURN_IF_ERROR(migrate::CreateRolesAndSchema(*connection, service, deadline));
  OKR_RETURN_IF_ERROR(migrate::Up(*connection, service, deadline));
  MigratedDatabase migrated{.superuser = database->conninfo(),
                            .runtime = database->ConninfoOf(service.names.runtime_role),
                            .relay = database->ConninfoOf(service.names.relay_role),
                            .owner = database->ConninfoOf(service.names.migrate_role)};
  migrated.database = std::move(database);
  return migrated;
}

}  // namespace okr::testing
