// Brings a service's schema to the version of this program.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/migrate/service.h"
#include "common/postgres/connection.h"

namespace okr::migrate {

// Settings for a connection that migrates: nothing times out but locks.
postgres::Options ConnectionOptions(absl::string_view conninfo);

// Makes the service's three roles and its schema, where they are missing: for development and
// tests, as superuser. The roles may log in and have no password.
absl::Status CreateRolesAndSchema(postgres::Connection& connection, const Service& service,
                                  absl::Time deadline);

struct Applied {
  int number = 0;
  std::string name;
  std::string checksum;
  absl::Time apply_time;
};

// What the table schema_version says, by number; empty if there is none yet.
absl::StatusOr<std::vector<Applied>> ReadApplied(postgres::Connection& connection,
                                                 const Service& service, absl::Time deadline);

// FAILED_PRECONDITION unless the applied migrations are the first ones of the service's, unchanged.
absl::Status CheckHistory(const Service& service, const std::vector<Applied>& applied);

// Applies what is missing, each migration in one transaction, and calls `done` after each. Safe to
// run twice at once: an advisory lock makes the second wait and find nothing to do. The session's
// user must be the service's migrate role or a member of it. Statuses carry the server's words in
// their message: they are for operators.
absl::Status Up(postgres::Connection& connection, const Service& service, absl::Time deadline,
                const std::function<void(const Migration&)>& done = {});

}  // namespace okr::migrate
