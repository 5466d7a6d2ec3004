#include "cli/app/completion.h"

#include "cli/commands/commands.h"

namespace okr::cli {

void AddCompletionCommand(CommandLine& line, Session& session) {
  Command completion = line.root().Add("completion", "Print a completion script");
  auto shell = std::make_shared<std::string>();
  completion.Take("shell", shell.get(), "bash or zsh").Required().OneOf({"bash", "zsh"});
  session.OnRun(completion, [shell, &line, &session] {
    session.out() << (*shell == "bash" ? BashCompletion(line.words())
                                       : ZshCompletion(line.words()));
    return absl::OkStatus();
  });
}

}  // namespace okr::cli
