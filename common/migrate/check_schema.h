// Whether a database's schema fits this program.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/postgres/connection.h"

namespace okr::migrate {

// For a service's start and, from time to time, its readiness. `wanted_version` is
// Service::version() of the migrations that the program was built with. FAILED_PRECONDITION /
// SCHEMA_VERSION_MISMATCH, with what to do, if the schema is older, or so much newer that a
// migration has said that programs like this one cannot work with it; UNAVAILABLE as in
// postgres/sqlstate.h if it cannot be known.
absl::Status CheckSchema(postgres::Connection& connection, absl::string_view schema,
                         int wanted_version, absl::Time deadline);

}  // namespace okr::migrate
