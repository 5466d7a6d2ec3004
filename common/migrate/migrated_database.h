// A test's own database with a service's schema in it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/migrate/service.h"
#include "common/testing/private_postgres.h"

namespace okr::testing {

struct MigratedDatabase {
  std::unique_ptr<TestDatabase> database;
  std::string superuser;  // Conninfos.
  std::string runtime;
  std::string relay;
  std::string owner;
};

absl::StatusOr<MigratedDatabase> MakeMigratedDatabase(const migrate::Service& service);

}  // namespace okr::testing
