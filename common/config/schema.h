// Settings of a program, from flags and OKR_* environment variables into one struct.
//
//   struct Config { std::string listen = "0.0.0.0:7443"; std::string database_url; };
//   Config config;
//   config::Schema schema("okr-goals", "Keeps objectives, key results and the directory.");
//   schema.String("listen", &config.listen).Help("Address to serve on");
//   schema.String("database-url", &config.database_url).Required().Secret().Help("libpq URL");
//   OKR_ASSIGN_OR_RETURN(const config::Action action, schema.Load(args, config::Environment()));
//
// The setting "database-url" is the flag --database-url and the variable OKR_DATABASE_URL; a flag
// beats the environment, which beats the value that the member had before Load (its default).
// A secret may also come from a file of at most 1 MiB, named by --database-url-file or the
// variable OKR_DATABASE_URL_FILE.
//
// Not thread-safe; used by main only. The members must outlive the schema.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr::config {

// What main shall do after Load.
enum class Action {
  kRun,
  kHelp,         // --help was given: print Help() and exit 0.
  kPrintConfig,  // --print-config was given: print Print() and exit 0.
};

// How one value is read and written; see Schema. Reading gives an empty text, or what is wrong.
struct Codec {
  std::string kind;  // As the help shows it, e.g. "duration".
  std::function<std::string(absl::string_view)> read;
  std::function<std::string()> write;
};

// One setting; made by Schema, refined by its members.
class Setting {
 public:
  Setting(std::string name, Codec codec);

  Setting& Help(absl::string_view help);
  Setting& Required();
  // Masked wherever settings are shown; may come from a file.
  Setting& Secret();
  // The value must be an existing, readable file or directory.
  Setting& MustExist();
  // A rule of the service's own: gets the text, gives an empty text or what is wrong.
  Setting& Check(std::function<std::string(absl::string_view)> check);

 private:
  friend class Schema;

  // Empty, or what is wrong with `text`; stores the value if nothing is.
  std::string Set(absl::string_view text, std::string source);
  std::string Shown() const;

  std::string name_;
  Codec codec_;
  std::string help_;
  bool required_ = false;
  bool secret_ = false;
  bool must_exist_ = false;
  std::function<std::string(absl::string_view)> check_;
  std::string default_;
  std::string source_;  // Where the value came from; empty for the default.
};

class Schema {
 public:
  // `program` and `about` are shown by the help.
  Schema(absl::string_view program, absl::string_view about);
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  Setting& String(absl::string_view name, std::string* member);
  // Values separated by commas; empty ones are dropped.
  Setting& StringList(absl::string_view name, std::vector<std::string>* member);
  Setting& Path(absl::string_view name, std::string* member);
  // A whole number in [min, max].
  Setting& Int(absl::string_view name, int64_t* member, int64_t min, int64_t max);
  Setting& Int(absl::string_view name, int* member, int min, int max);
  // A number in [min, max].
  Setting& Real(absl::string_view name, double* member, double min, double max);
  // true, false, yes, no, 1, 0; the flag alone means true.
  Setting& Bool(absl::string_view name, bool* member);
  // A number with unit (ns, us, ms, s, m, h), e.g. "1m30s", in [min, max].
  Setting& Duration(absl::string_view name, absl::Duration* member, absl::Duration min,
                    absl::Duration max);
  // One of `values`.
  template <typename E>
  Setting& Enum(absl::string_view name, E* member, std::vector<std::pair<std::string, E>> values);

  // Variables with this prefix are not ours though they begin with OKR_, e.g. "OKR_TEST_".
  void IgnoreEnvironment(absl::string_view prefix);

  // Sets the members. `args` is without the program's name; `environment` may hold anything, only
  // OKR_* is looked at, and variables that Kubernetes makes for services are passed over.
  // INVALID_FIELDS (field: the flag or variable) names every wrong, unknown and missing setting,
  // with the nearest known name. A request for help wins over wrong settings.
  absl::StatusOr<Action> Load(const std::vector<std::string>& args,
                              const std::map<std::string, std::string>& environment);

  // A table of all settings.
  std::string Help() const;
  // "name = value  (source)" a line, secrets masked.
  std::string Print() const;

 private:
  struct Given;  // A setting as it stands in a source.

  Setting& Add(absl::string_view name, Codec codec);
  Setting* Find(absl::string_view name);
  std::string NearestTo(absl::string_view name) const;
  std::string Apply(const Given& given);

  std::string program_;
  std::string about_;
  std::deque<Setting> settings_;  // Keeps the references that were given out valid.
  std::vector<std::string> ignored_;
};

// The environment of this process.
std::map<std::string, std::string> Environment();

// The one line to print when Load fails: "okr-goals: --prot: unknown setting, did you mean --port?"
std::string ErrorLine(absl::string_view program, const absl::Status& status);

template <typename E>
Setting& Schema::Enum(absl::string_view name, E* member,
                      std::vector<std::pair<std::string, E>> values) {
  std::string kind;
  for (const auto& [text, value] : values) kind += (kind.empty() ? "" : "|") + text;
  auto read = [member, values, kind](absl::string_view given) -> std::string {
    for (const auto& [text, value] : values) {
      if (given != text) continue;
      *member = value;
      return "";
    }
    return "expected one of " + kind;
  };
  auto write = [member, values]() -> std::string {
    for (const auto& [text, value] : values) {
      if (*member == value) return text;
    }
    return "";
  };
  return Add(name, {.kind = kind, .read = std::move(read), .write = std::move(write)});
}

}  // namespace okr::config
