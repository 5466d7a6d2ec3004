#include "common/migrate/runner.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "common/postgres/sqlstate.h"
#include "common/postgres/transaction.h"
#include "common/status/macros.h"

namespace okr::migrate {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Statement;
using postgres::Transaction;

// Longer waits for a table would hold up everyone who comes after us; the run is repeated instead.
constexpr absl::string_view kLockTimeout = "SET LOCAL lock_timeout = '10s'";

// Adds what was being done and the server's words.
absl::Status Explain(const absl::Status& status, absl::string_view what) {
  if (status.ok()) return status;
  return {status.code(), absl::StrCat(what, ": ", postgres::LogDetailOf(status))};
}

// Two runners of one schema exclude each other until the end of the transaction.
absl::Status Lock(Transaction& transaction, const Service& service) {
  constexpr Statement kLock{"", "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"};
  OKR_RETURN_IF_ERROR(
      transaction.Execute(kLock, Params().Text(absl::StrCat("okr-migrate ", service.names.schema)))
          .status());
  const std::string role = absl::StrCat("SET LOCAL ROLE ", service.names.migrate_role);
  const std::string path = absl::StrCat("SET LOCAL search_path = ", service.names.schema);
  transaction.Enqueue({"", role});
  transaction.Enqueue({"", path});
  transaction.Enqueue({"", kLockTimeout});
  return transaction.Flush();
}

absl::Status CreateVersionTable(Connection& connection, const Service& service,
                                absl::Time deadline) {
  const Names& names = service.names;
  Transaction transaction = Transaction::Begin(connection, deadline);
  OKR_RETURN_IF_ERROR(Lock(transaction, service));
  const std::string table = absl::Substitute(
      "CREATE TABLE IF NOT EXISTS $0.schema_version ("
      " number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
      " compatible_from integer NOT NULL, apply_time timestamptz NOT NULL DEFAULT now())",
      names.schema);
  const std::string usage = absl::Substitute("GRANT USAGE ON SCHEMA $0 TO $1, $2", names.schema,
                                             names.runtime_role, names.relay_role);
  const std::string select = absl::Substitute("GRANT SELECT ON $0.schema_version TO $1, $2",
                                              names.schema, names.runtime_role, names.relay_role);
  for (const std::string* sql : {&table, &usage, &select}) transaction.Enqueue({"", *sql});
  return transaction.Commit();
}

absl::StatusOr<std::vector<Applied>> ParseApplied(const Result& result) {
  std::vector<Applied> applied;
  for (int row = 0; row < result.rows(); ++row) {
    applied.push_back({.number = result.GetInt32(row, 0),
                       .name = std::string(result.GetText(row, 1)),
                       .checksum = std::string(result.GetText(row, 2)),
                       .apply_time = result.GetTime(row, 3)});
  }
  return applied;
}

std::string SelectApplied(const Service& service) {
  return absl::StrCat("SELECT number, name, checksum, apply_time FROM ", service.names.schema,
                      ".schema_version ORDER BY number");
}

// Applies the first migration that is missing; null when there is none.
absl::StatusOr<const Migration*> Step(Connection& connection, const Service& service,
                                      absl::Time deadline) {
  Transaction transaction = Transaction::Begin(connection, deadline);
  OKR_RETURN_IF_ERROR(Explain(Lock(transaction, service), "taking the lock"));
  const std::string select = SelectApplied(service);
  auto rows = transaction.Execute({"", select});
  OKR_RETURN_IF_ERROR(Explain(rows.status(), "reading schema_version"));
  OKR_ASSIGN_OR_RETURN(const std::vector<Applied> applied, ParseApplied(*rows));
  OKR_RETURN_IF_ERROR(CheckHistory(service, applied));
  if (applied.size() == service.migrations.size()) return nullptr;

  const Migration& next = service.migrations[applied.size()];
  const std::string what =
      absl::Substitute("migration $0_$1 of $2", next.number, next.name, service.name);
  OKR_RETURN_IF_ERROR(Explain(connection.ExecuteScript(next.text, deadline), what));
  if (!connection.in_transaction()) {
    return absl::InvalidArgumentError(absl::StrCat(what, " ends its transaction itself"));
  }
  const std::string insert = absl::StrCat(
      "INSERT INTO ", service.names.schema,
      ".schema_version (number, name, checksum, compatible_from) VALUES ($1, $2, $3, $4)");
  transaction.Enqueue(
      {"", insert},
      Params().Int32(next.number).Text(next.name).Text(next.checksum).Int32(next.compatible_from));
  OKR_RETURN_IF_ERROR(Explain(transaction.Commit(), what));
  return &next;
}

// The search path belongs to the role, since a pooler does not keep that of a session.
std::string CreateRole(absl::string_view role, absl::string_view attributes,
                       absl::string_view schema) {
  // Roles belong to the server, so another database's set-up may make them at the same moment.
  return absl::Substitute(
      "DO $$$$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$0') THEN "
      "CREATE ROLE $0 $1; ALTER ROLE $0 SET search_path = $2; END IF; "
      "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$$$;\n",
      role, attributes, schema);
}

}  // namespace

postgres::Options ConnectionOptions(absl::string_view conninfo) {
  return {.conninfo = std::string(conninfo),
          .application_name = "okr-migrate",
          .statement_timeout = absl::ZeroDuration(),
          .idle_transaction_timeout = absl::ZeroDuration(),
          .prepared_statements = false};
}

absl::Status CreateRolesAndSchema(Connection& connection, const Service& service,
                                  absl::Time deadline) {
  const Names& names = service.names;
  const std::string sql = absl::StrCat(
      CreateRole(names.runtime_role, "LOGIN", names.schema),
      CreateRole(names.relay_role, "LOGIN", names.schema),
      // Owner of tables with forced row-level security, whose back-fills must see all rows.
      CreateRole(names.migrate_role, "LOGIN BYPASSRLS", names.schema),
      absl::Substitute("CREATE SCHEMA IF NOT EXISTS $0 AUTHORIZATION $1;\n"
                       "REVOKE ALL ON SCHEMA $0 FROM PUBLIC;\n"
                       "GRANT USAGE ON SCHEMA $0 TO $2, $3;\n",
                       names.schema, names.migrate_role, names.runtime_role, names.relay_role));
  return Explain(connection.ExecuteScript(sql, deadline),
                 absl::StrCat("creating roles and schema of ", service.name));
}

absl::StatusOr<std::vector<Applied>> ReadApplied(Connection& connection, const Service& service,
                                                 absl::Time deadline) {
  const std::string select = SelectApplied(service);
  auto rows = connection.Execute({"", select}, {}, deadline);
  const std::string sqlstate = postgres::SqlStateOf(rows.status());
  if (sqlstate == "42P01" || sqlstate == "3F000") return std::vector<Applied>();
  OKR_RETURN_IF_ERROR(Explain(rows.status(), "reading schema_version"));
  return ParseApplied(*rows);
}

absl::Status CheckHistory(const Service& service, const std::vector<Applied>& applied) {
  const std::string& schema = service.names.schema;
  for (size_t i = 0; i < applied.size(); ++i) {
    const Applied& row = applied[i];
    if (row.number != static_cast<int>(i) + 1) {
      return absl::FailedPreconditionError(absl::Substitute(
          "$0.schema_version has no migration $1, but later ones: it was changed by hand", schema,
          i + 1));
    }
    if (i >= service.migrations.size()) {
      return absl::FailedPreconditionError(absl::Substitute(
          "$0 has migration $1_$2, which this program does not know: use the newer program", schema,
          row.number, row.name));
    }
    const Migration& known = service.migrations[i];
    if (row.name != known.name || row.checksum != known.checksum) {
      return absl::FailedPreconditionError(absl::Substitute(
          "migration $0_$1 was changed after it had been applied to $2 as $0_$3: restore it and "
          "add a new migration instead",
          known.number, known.name, schema, row.name));
    }
  }
  return absl::OkStatus();
}

absl::Status Up(Connection& connection, const Service& service, absl::Time deadline,
                const std::function<void(const Migration&)>& done) {
  OKR_RETURN_IF_ERROR(
      Explain(CreateVersionTable(connection, service, deadline),
              absl::StrCat("preparing the schema ", service.names.schema,
                           " (its roles and schema are made by --create-roles or by an "
                           "administrator)")));
  while (true) {
    OKR_ASSIGN_OR_RETURN(const Migration* const applied, Step(connection, service, deadline));
    if (applied == nullptr) return absl::OkStatus();
    if (done) done(*applied);
  }
}

}  // namespace okr::migrate
