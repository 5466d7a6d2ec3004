#include "common/migrate/check_schema.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "common/postgres/sqlstate.h"
#include "common/status/error.h"

namespace okr::migrate {
namespace {

absl::Status Mismatch(absl::string_view message) {
  return MakeError(absl::StatusCode::kFailedPrecondition, message,
                   {.reason = "SCHEMA_VERSION_MISMATCH"});
}

}  // namespace

absl::Status CheckSchema(postgres::Connection& connection, absl::string_view schema,
                         int wanted_version, absl::Time deadline) {
  const std::string sql =
      absl::StrCat("SELECT coalesce(max(number), 0), coalesce(max(compatible_from), 0) FROM ",
                   schema, ".schema_version");
  const auto row = connection.Execute({"", sql}, {}, deadline);
  const std::string sqlstate = postgres::SqlStateOf(row.status());
  if (sqlstate == "42P01" || sqlstate == "3F000" || sqlstate == "42501") {
    return Mismatch(
        absl::StrCat("the schema ", schema, " is not set up for this service: run okr-migrate up"));
  }
  if (!row.ok()) return row.status();
  const int version = row->GetInt32(0, 0);
  const int compatible_from = row->GetInt32(0, 1);
  if (version < wanted_version) {
    return Mismatch(absl::Substitute(
        "the schema $0 is too old: it has version $1, this program needs $2; run okr-migrate up",
        schema, version, wanted_version));
  }
  if (compatible_from > wanted_version) {
    return Mismatch(absl::Substitute(
        "the schema $0 is too new: its version $1 works with programs from version $2, this one "
        "has $3; use the newer program",
        schema, version, compatible_from, wanted_version));
  }
  return absl::OkStatus();
}

}  // namespace okr::migrate
