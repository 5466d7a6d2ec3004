// Scripts with which shells complete the commands of okrctl.
#pragma once

#include <string>

#include "cli/app/command.h"

namespace okr::cli {

// Of the kind whose names follow a command, e.g. "objectives" after "get objective"; the plural of
// a kind, for "okrctl list", or empty.
std::string CompletedKind(const std::string& command);

std::string BashCompletion(const CompletionWords& words);
std::string ZshCompletion(const CompletionWords& words);

}  // namespace okr::cli
