#include "common/migrate/commands.h"

#include <memory>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/backoff/backoff.h"
#include "common/migrate/runner.h"
#include "common/postgres/connection.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"

namespace okr::migrate {
namespace {

using Print = std::function<void(absl::string_view)>;

absl::StatusOr<std::vector<Service>> Select(const std::vector<Service>& services,
                                            absl::string_view name) {
  if (name == "all") return services;
  std::vector<std::string> known = {"all"};
  for (const Service& service : services) {
    if (service.name == name) return std::vector<Service>{service};
    known.push_back(service.name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("there is no service \"", name, "\"; known are ", absl::StrJoin(known, ", ")));
}

// Tries until `wait` is over; a wrong connection string ends it at once.
absl::StatusOr<std::unique_ptr<postgres::Connection>> Connect(const CommandOptions& options,
                                                              const Print& print) {
  const absl::Time deadline = absl::Now() + options.wait;
  absl::BitGen random;
  Backoff backoff({.initial = absl::Milliseconds(200), .longest = absl::Seconds(3)},
                  [&random] { return absl::Uniform(random, 0.0, 1.0); });
  bool told = false;
  while (true) {
    auto connection = postgres::Connection::Open(ConnectionOptions(options.database));
    if (connection.ok() || !postgres::IsConnectionLost(connection.status())) return connection;
    const std::string why = postgres::LogDetailOf(connection.status());
    const absl::Duration pause = backoff.Failed();
    if (absl::Now() + pause > deadline) {
      return absl::UnavailableError(absl::StrCat("the database cannot be reached: ", why));
    }
    if (!std::exchange(told, true)) print(absl::StrCat("waiting for the database: ", why));
    absl::SleepFor(pause);
  }
}

// A log keeps the number of shards that it was made with.
absl::Status CheckShards(postgres::Connection& connection, const Service& service, int shards,
                         absl::Time deadline) {
  const std::string sql = absl::StrCat("SELECT count(*) FROM ", service.names.schema, ".log_heads");
  const auto heads = connection.Execute({"", sql}, {}, deadline);
  if (postgres::SqlStateOf(heads.status()) == "42P01") return absl::OkStatus();  // Not made yet.
  OKR_RETURN_IF_ERROR(heads.status());
  const int64_t found = heads->GetInt64(0, 0);
  if (found == shards) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrFormat("%s: the log was made with %d shards, which cannot change; --shards is %d: "
                      "set it to %d, here and for the services",
                      service.names.schema, found, shards, found));
}

absl::Status ShowStatus(postgres::Connection& connection, const Service& service,
                        absl::Time deadline, const Print& print) {
  OKR_ASSIGN_OR_RETURN(const std::vector<Applied> applied,
                       ReadApplied(connection, service, deadline));
  OKR_RETURN_IF_ERROR(CheckHistory(service, applied));
  print(absl::StrFormat("%s: version %d of %d", service.names.schema, applied.size(),
                        service.version()));
  for (size_t i = 0; i < service.migrations.size(); ++i) {
    const Migration& migration = service.migrations[i];
    const std::string state = i < applied.size()
                                  ? absl::FormatTime("applied %Y-%m-%dT%H:%M:%SZ",
                                                     applied[i].apply_time, absl::UTCTimeZone())
                                  : "missing";
    print(absl::StrFormat("  %04d  %-30s %s", migration.number, migration.name, state));
  }
  return absl::OkStatus();
}

absl::Status Upgrade(postgres::Connection& connection, const Service& service,
                     const CommandOptions& options, absl::Time deadline, const Print& print) {
  if (options.create_roles) {
    OKR_RETURN_IF_ERROR(CreateRolesAndSchema(connection, service, deadline));
  }
  OKR_RETURN_IF_ERROR(Up(connection, service, deadline, [&](const Migration& migration) {
    print(absl::StrFormat("%s: applied %04d_%s", service.names.schema, migration.number,
                          migration.name));
  }));
  print(absl::StrFormat("%s: at version %d", service.names.schema, service.version()));
  return absl::OkStatus();
}

}  // namespace

absl::Status Run(Command command, const CommandOptions& options,
                 const std::vector<Service>& services, const Print& print) {
  OKR_ASSIGN_OR_RETURN(const std::vector<Service> selected, Select(services, options.service));
  OKR_ASSIGN_OR_RETURN(const auto connection, Connect(options, print));
  const absl::Time deadline = absl::Now() + options.timeout;
  for (const Service& service : selected) {
    OKR_RETURN_IF_ERROR(CheckShards(*connection, service, options.shards, deadline));
    OKR_RETURN_IF_ERROR(command == Command::kUp
                            ? Upgrade(*connection, service, options, deadline, print)
                            : ShowStatus(*connection, service, deadline, print));
  }
  return absl::OkStatus();
}

}  // namespace okr::migrate
