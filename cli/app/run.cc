#include "cli/app/run.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/render/errors.h"

namespace okr::cli {
namespace {

void AddCommands(CLI::App& app, Session& session) {
  AddConfigCommands(app, session);
  AddHealthCommand(app, session);
  AddAuthCommands(app, session);
  AddAdminCommands(app, session);
  AddResourceCommands(app, session);
  AddCycleCommands(app, session);
  AddObjectiveCommands(app, session);
  AddApplyCommand(app, session);
  AddCheckInCommands(app, session);
  AddTreeCommand(app, session);
  AddScoreCommands(app, session);
  AddScorecardCommands(app, session);
  AddWatchCommand(app, session);
  AddInboxCommands(app, session);
  AddEventCommands(app, session);
  AddCompletionCommand(app, session);
}

}  // namespace

int RunOkrctl(const std::vector<std::string>& args, Surroundings surroundings) {
  CLI::App app("okrctl works with objectives and key results.", "okrctl");
  app.require_subcommand(1);
  app.fallthrough();
  Session session(surroundings);
  session.AddGlobalFlags(app);
  AddCommands(app, session);
  try {
    std::vector<std::string> reversed(args.rbegin(), args.rend());
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, *surroundings.out, *surroundings.err);
    return code == 0 ? kExitOk : kExitUsage;
  }
  const absl::Status status = session.Run();
  if (!status.ok()) *surroundings.err << RenderError(status);
  return ExitCodeOf(status);
}

}  // namespace okr::cli
