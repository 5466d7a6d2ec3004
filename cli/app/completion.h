// Scripts with which shells complete the commands of okrctl.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace okr::cli {

// "get objective" -> its subcommands and flags; "" is okrctl itself.
std::map<std::string, std::vector<std::string>> CompletionWords(const CLI::App& app);

// Of the kind whose names follow a command, e.g. "objectives" after "get objective"; the plural of
// a kind, for "okrctl list", or empty.
std::string CompletedKind(const std::string& command);

std::string BashCompletion(const CLI::App& app);
std::string ZshCompletion(const CLI::App& app);

}  // namespace okr::cli
