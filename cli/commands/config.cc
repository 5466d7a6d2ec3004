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
  session.out() << (session.format() == Format::kJson
                        ? ShowSettingsAsJson(session.settings())
                        : ShowSettings(session.settings(), session.settings_path()));
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

void AddConfigCommands(Command app, Session& session) {
  Command config = app.Add("config", "Where the services are and who calls");
  config.NeedsOne();
  Command show = config.Add("show", "Show the settings in effect");
  session.OnRun(show, [&session] { return ShowConfig(session); });
  Command init = config.Add("init", "Write the settings in effect, with the flags, to the file");
  session.OnRun(init, [&session] { return InitConfig(session); });
  Command version = app.Add("version", "Show the version of okrctl");
  session.OnRun(version, [&session] { return ShowVersion(session); });
}

}  // namespace okr::cli
