// okrctl: the command line client of the OKR suite.
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <iostream>

#include "cli/app/run.h"

extern char** environ;

namespace {

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals != nullptr) environment.emplace(std::string(*entry, equals - *entry), equals + 1);
  }
  return environment;
}

}  // namespace

int main(int argc, char** argv) {
  std::error_code ignored;
  return okr::cli::RunOkrctl(std::vector<std::string>(argv + 1, argv + argc),
                             {.environment = Environment(),
                              .directory = std::filesystem::current_path(ignored).string(),
                              .out = &std::cout,
                              .err = &std::cerr,
                              .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                              .err_is_terminal = isatty(STDERR_FILENO) == 1});
}
