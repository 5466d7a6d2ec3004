#include "cli/app/run.h"

#include "cli/app/command.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"

namespace okr::cli {
namespace {

void AddCommands(CommandLine& line, Session& session) {
  const Command root = line.root();
  AddConfigCommands(root, session);
  AddHealthCommand(root, session);
  AddAuthCommands(root, session);
  AddAdminCommands(root, session);
  AddResourceCommands(root, session);
  AddCycleCommands(root, session);
  AddObjectiveCommands(root, session);
  AddApplyCommand(root, session);
  AddCheckInCommands(root, session);
  AddTreeCommand(root, session);
  AddScoreCommands(root, session);
  AddScorecardCommands(root, session);
  AddWatchCommand(root, session);
  AddInboxCommands(root, session);
  AddEventCommands(root, session);
  AddCompletionCommand(line, session);
}

}  // namespace

int RunOkrctl(const std::vector<std::string>& args, const Surroundings& surroundings) {
  CommandLine line("okrctl", "okrctl works with objectives and key results.");
  Session session(surroundings);
  session.AddGlobalFlags(line.root());
  AddCommands(line, session);
  switch (line.Read(args, *surroundings.out, *surroundings.err)) {
    case CommandLine::Outcome::kShown:
      return kExitOk;
    case CommandLine::Outcome::kWrong:
      return kExitUsage;
    case CommandLine::Outcome::kRun:
      break;
  }
  const absl::Status status = session.Run();
  if (!status.ok()) *surroundings.err << RenderError(status);
  return ExitCodeOf(status);
}

}  // namespace okr::cli
