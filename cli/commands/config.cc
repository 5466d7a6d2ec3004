#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/config/files.h"
#include "cli/render/errors.h"
#include "common/status/macros.h"

#ifndef OKR_VERSION
#error "CMake gives OKR_VERSION"
#endif

namespace okr::cli {
namespace {

absl::Status ShowConfig(Session& session) {
  session.out() << ShowSettings(session.settings(), session.settings_path());
  return absl::OkStatus();
}

absl::Status InitConfig(Session& session) {
  OKR_RETURN_IF_ERROR(WriteFile(session.settings_path(), WriteSettings(session.settings()), 0600));
  session.Say(absl::StrCat("wrote ", session.settings_path()));
  return absl::OkStatus();
}

absl::Status ShowVersion(Session& session) {
  if (session.format() == Format::kTable) {
    session.out() << "okrctl " OKR_VERSION "\n";
  } else {
    session.out() << (session.format() == Format::kJson ? "{\"version\": \"" OKR_VERSION "\"}\n"
                                                        : "version: " OKR_VERSION "\n");
  }
  return absl::OkStatus();
}

}  // namespace

void AddConfigCommands(CLI::App& app, Session& session) {
  CLI::App* config = app.add_subcommand("config", "Where the services are and who calls");
  config->require_subcommand(1);
  CLI::App* show = config->add_subcommand("show", "Show the settings in effect");
  session.OnRun(show, [&session] { return ShowConfig(session); });
  CLI::App* init =
      config->add_subcommand("init", "Write the settings in effect, with the flags, to the file");
  session.OnRun(init, [&session] { return InitConfig(session); });
  CLI::App* version = app.add_subcommand("version", "Show the version of okrctl");
  session.OnRun(version, [&session] { return ShowVersion(session); });
}

}  // namespace okr::cli
