#include "cli/app/completion.h"

#include <CLI/CLI.hpp>

#include "cli/commands/commands.h"

namespace okr::cli {

void AddCompletionCommand(CLI::App& app, Session& session) {
  CLI::App* completion = app.add_subcommand("completion", "Print a completion script");
  auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  session.OnRun(completion, [shell, &app, &session] {
    session.out() << (*shell == "bash" ? BashCompletion(app) : ZshCompletion(app));
    return absl::OkStatus();
  });
}

}  // namespace okr::cli
