#include "cli/app/command.h"

#include <CLI/CLI.hpp>
#include <set>

#include "absl/strings/str_cat.h"
#include "cli/text/words.h"

namespace okr::cli {
namespace {

void Collect(const CLI::App& app, const std::string& path, CompletionWords* words) {
  std::set<std::string> here;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) here.insert("--" + name);
    for (const std::string& name : option->get_snames()) here.insert("-" + name);
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    here.insert(sub->get_name());
    Collect(*sub, path.empty() ? sub->get_name() : absl::StrCat(path, " ", sub->get_name()), words);
  }
  (*words)[path].assign(here.begin(), here.end());
}

// The innermost command that was reached.
const CLI::App& Reached(const CLI::App& app) {
  const auto subcommands = app.get_subcommands();
  return subcommands.empty() ? app : Reached(*subcommands.back());
}

// "get objective" for that command, "" for the program.
std::string PathOf(const CLI::App& command) {
  std::string path;
  for (const CLI::App* at = &command; at->get_parent() != nullptr; at = at->get_parent()) {
    path = path.empty() ? at->get_name() : absl::StrCat(at->get_name(), " ", path);
  }
  return path;
}

}  // namespace

Argument& Argument::Required(bool required) {
  option_->required(required);
  return *this;
}

Argument& Argument::OneOf(const std::vector<std::string>& words) {
  option_->transform(CLI::IsMember(words, CLI::ignore_case));
  return *this;
}

Argument& Argument::NotNegative() {
  option_->check(CLI::NonNegativeNumber);
  return *this;
}

Argument& Argument::Positive() {
  option_->check(CLI::PositiveNumber);
  return *this;
}

Argument& Argument::Group(const std::string& heading) {
  option_->group(heading);
  return *this;
}

Command Command::Add(const std::string& name, const std::string& about) {
  return Command(app_->add_subcommand(name, about));
}

Command& Command::Alias(const std::string& name) {
  app_->alias(name);
  return *this;
}

Command& Command::NeedsOne() {
  app_->require_subcommand(1);
  return *this;
}

Argument Command::Take(const std::string& names, std::string* value, const std::string& help) {
  return Argument(app_->add_option(names, *value, help));
}
Argument Command::Take(const std::string& names, std::optional<std::string>* value,
                       const std::string& help) {
  return Argument(app_->add_option(names, *value, help)->type_name("TEXT"));
}
Argument Command::Take(const std::string& names, double* value, const std::string& help) {
  return Argument(app_->add_option(names, *value, help));
}
Argument Command::Take(const std::string& names, std::optional<double>* value,
                       const std::string& help) {
  return Argument(app_->add_option(names, *value, help)->type_name("NUMBER"));
}
Argument Command::Take(const std::string& names, int* value, const std::string& help) {
  return Argument(app_->add_option(names, *value, help));
}

Argument Command::TakeAll(const std::string& names, std::vector<std::string>* values,
                          const std::string& help) {
  CLI::Option* option = app_->add_option(names, *values, help);
  if (names[0] == '-') {
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  return Argument(option);
}

Argument Command::Switch(const std::string& names, bool* value, const std::string& help) {
  return Argument(app_->add_flag(names, *value, help));
}

void Command::OnGiven(std::function<void()> callback) { app_->callback(std::move(callback)); }

bool Command::was_given() const { return app_->parsed(); }

CommandLine::CommandLine(const std::string& program, const std::string& about)
    : app_(std::make_unique<CLI::App>(about, program)) {
  app_->require_subcommand(1);
  // What all commands have may stand behind them too.
  app_->fallthrough();
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return Command(app_.get()); }

CompletionWords CommandLine::words() const {
  CompletionWords words;
  Collect(*app_, "", &words);
  return words;
}

CommandLine::Outcome CommandLine::Read(const std::vector<std::string>& args, std::ostream& out,
                                       std::ostream& err) {
  try {
    std::vector<std::string> reversed(args.rbegin(), args.rend());
    app_->parse(reversed);
    return Outcome::kRun;
  } catch (const CLI::ParseError& error) {
    if (app_->exit(error, out, err) == 0) return Outcome::kShown;
    err << Suggestion();
    return Outcome::kWrong;
  }
}

std::string CommandLine::Suggestion() const {
  std::vector<std::string> known;
  const CompletionWords all = words();
  const CLI::App* root = app_.get();
  for (const CLI::App* at = &Reached(*root); at != nullptr; at = at->get_parent()) {
    const std::vector<std::string>& here = all.at(PathOf(*at));
    known.insert(known.end(), here.begin(), here.end());
  }
  for (const std::string& word : root->remaining(true)) {
    const std::string text = DidYouMean(word, known);
    if (!text.empty()) return absl::StrCat("\"", word, "\" is unknown", text, "\n");
  }
  return "";
}

}  // namespace okr::cli
