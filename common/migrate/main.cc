// okr-migrate: brings the schemas of the services to the version of this program.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/config/schema.h"
#include "common/migrate/all_services.h"
#include "common/migrate/commands.h"
#include "common/status/macros.h"

namespace okr::migrate {
namespace {

constexpr char kUsage[] =
    "usage: okr-migrate up|status [settings]\n"
    "  up      applies the migrations that are missing\n"
    "  status  shows which migrations are applied and which are missing\n\n";

absl::Status Main(std::vector<std::string> arguments) {
  Command command = Command::kStatus;
  CommandOptions options;
  config::Schema schema("okr-migrate", "Brings the schemas of the services up to date.");
  schema.String("service", &options.service).Help("Service to migrate, or all");
  schema.String("database-url", &options.database)
      .Required()
      .Secret()
      .Help("libpq connection string of a user that may act as the migrate roles");
  schema.Int("shards", &options.shards, 1, 1024)
      .Help("Shards of the event logs, the same as of the services; chosen once, at installation");
  schema.Bool("create-roles", &options.create_roles)
      .Help("First make missing roles and schemas (needs a superuser; for development)");
  schema.Duration("wait", &options.wait, absl::ZeroDuration(), absl::Hours(1))
      .Help("How long to wait for a database that cannot be reached yet");
  schema.Duration("timeout", &options.timeout, absl::Seconds(1), absl::Hours(24))
      .Help("How long all migrations together may take");
  schema.IgnoreEnvironment("OKR_TEST_");
  const bool has_command = !arguments.empty() && arguments[0][0] != '-';
  if (has_command) {
    if (arguments[0] != "up" && arguments[0] != "status") {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown command ", arguments[0], "\n", kUsage));
    }
    command = arguments[0] == "up" ? Command::kUp : Command::kStatus;
    arguments.erase(arguments.begin());
  }
  OKR_ASSIGN_OR_RETURN(const config::Action action, schema.Load(arguments, config::Environment()));
  if (action == config::Action::kHelp || action == config::Action::kPrintConfig) {
    absl::PrintF("%s", action == config::Action::kHelp ? kUsage + schema.Help() : schema.Print());
    return absl::OkStatus();
  }
  if (!has_command) return absl::InvalidArgumentError(absl::StrCat("no command\n", kUsage));
  OKR_ASSIGN_OR_RETURN(const std::vector<Service> services, AllServices(options.shards));
  return Run(command, options, services, [](absl::string_view line) {
    absl::PrintF("%s\n", line);
    std::fflush(stdout);
  });
}

}  // namespace
}  // namespace okr::migrate

int main(int argc, char** argv) {
  const absl::Status status = okr::migrate::Main(std::vector<std::string>(argv + 1, argv + argc));
  if (status.ok()) return 0;
  absl::FPrintF(stderr, "okr-migrate: %s\n", status.message());
  return 1;
}
