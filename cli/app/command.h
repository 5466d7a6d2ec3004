// The command line: commands with their flags. CLI11 is behind it; only command.cc includes it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace okr::cli {

// One flag or positional argument.
class Argument {
 public:
  explicit Argument(CLI::Option* option) : option_(option) {}

  Argument& Required(bool required = true);
  Argument& OneOf(const std::vector<std::string>& words);  // In any case of letters.
  Argument& NotNegative();
  Argument& Positive();
  Argument& Group(const std::string& heading);  // Under which the help shows it.

 private:
  CLI::Option* option_;
};

// A handle on a command; copies are the same command. What arguments are read into must live until
// the command line was read.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  // A command below this one.
  Command Add(const std::string& name, const std::string& about);
  Command& Alias(const std::string& name);
  // One of the commands below must be given; without this, it may.
  Command& NeedsOne();

  // `names` as "-f,--file", or without hyphens for a positional argument, or both: "--cycle,cycle".
  Argument Take(const std::string& names, std::string* value, const std::string& help);
  Argument Take(const std::string& names, std::optional<std::string>* value,
                const std::string& help);
  Argument Take(const std::string& names, double* value, const std::string& help);
  Argument Take(const std::string& names, std::optional<double>* value, const std::string& help);
  Argument Take(const std::string& names, int* value, const std::string& help);
  // All that stand there; as a flag, one value each time that it is given.
  Argument TakeAll(const std::string& names, std::vector<std::string>* values,
                   const std::string& help);
  Argument Switch(const std::string& names, bool* value, const std::string& help);

  // Called if the command was given, after all is read; for a command with others below, after
  // theirs.
  void OnGiven(std::function<void()> callback);
  bool was_given() const;

 private:
  CLI::App* app_;
};

// The words that may stand after each command, e.g. "get objective" -> its flags and subcommands;
// "" is the program itself.
using CompletionWords = std::map<std::string, std::vector<std::string>>;

// A whole program.
class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& about);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command root();
  CompletionWords words() const;

  enum class Outcome { kRun, kShown, kWrong };
  // Reads the arguments. kShown: the help was asked for and stands in `out`. kWrong: `err` says
  // what is wrong, with what may have been meant.
  Outcome Read(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

 private:
  std::string Suggestion() const;

  std::unique_ptr<CLI::App> app_;
};

}  // namespace okr::cli
