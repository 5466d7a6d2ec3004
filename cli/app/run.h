// okrctl as a function, for main and for tests.
#pragma once

#include <string>
#include <vector>

#include "cli/app/session.h"

namespace okr::cli {

// Runs the command line `args` (without the program's name) and returns the exit code.
int RunOkrctl(const std::vector<std::string>& args, const Surroundings& surroundings);

}  // namespace okr::cli
