#include "cli/app/run.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/app/completion.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"
#include "cli/text/words.h"

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

// The innermost command that was reached.
const CLI::App& Reached(const CLI::App& app) {
  const auto subcommands = app.get_subcommands();
  return subcommands.empty() ? app : Reached(*subcommands.back());
}

// What is meant by the first word that nobody knows, among flags or among subcommands.
std::string Suggestion(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining(true);
  std::vector<std::string> known;
  const auto words = CompletionWords(app);
  for (const CLI::App* command = &Reached(app); command != nullptr;
       command = command->get_parent()) {
    std::string path;
    for (const CLI::App* at = command; at->get_parent() != nullptr; at = at->get_parent()) {
      path = path.empty() ? at->get_name() : absl::StrCat(at->get_name(), " ", path);
    }
    const std::vector<std::string>& here = words.at(path);
    known.insert(known.end(), here.begin(), here.end());
  }
  for (const std::string& word : unknown) {
    const std::string text = DidYouMean(word, known);
    if (!text.empty()) return absl::StrCat("\"", word, "\" is unknown", text, "\n");
  }
  return "";
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
    if (code != 0) *surroundings.err << Suggestion(app);
    return code == 0 ? kExitOk : kExitUsage;
  }
  const absl::Status status = session.Run();
  if (!status.ok()) *surroundings.err << RenderError(status);
  return ExitCodeOf(status);
}

}  // namespace okr::cli
