#include "common/config/schema.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/config/sources.h"
#include "common/status/error.h"

namespace okr::config {
namespace {

constexpr absl::string_view kMask = "********";
constexpr absl::string_view kFileSuffix = "-file";
constexpr size_t kMaxFileSize = size_t{1} << 20;

std::string ReadBool(absl::string_view text, bool* member) {
  if (absl::SimpleAtob(text, member)) return "";
  return "expected true or false";
}

template <typename T>
std::string ReadInt(absl::string_view text, T* member, T min, T max) {
  T value = 0;
  if (!absl::SimpleAtoi(text, &value) || value < min || value > max) {
    return absl::StrCat("expected a whole number from ", min, " to ", max);
  }
  *member = value;
  return "";
}

template <typename T>
Codec IntCodec(T* member, T min, T max) {
  return {.kind = absl::StrCat("int ", min, "..", max),
          .read = [=](absl::string_view text) { return ReadInt(text, member, min, max); },
          .write = [=] { return absl::StrCat(*member); }};
}

std::string ReadReal(absl::string_view text, double* member, double min, double max) {
  double value = 0;
  // Not a number is in no range.
  if (!absl::SimpleAtod(text, &value) || !(value >= min && value <= max)) {
    return absl::StrCat("expected a number from ", min, " to ", max);
  }
  *member = value;
  return "";
}

std::string ReadDuration(absl::string_view text, absl::Duration* member, absl::Duration min,
                         absl::Duration max) {
  absl::Duration value;
  if (!absl::ParseDuration(text, &value) || value < min || value > max) {
    return absl::StrCat("expected a duration from ", absl::FormatDuration(min), " to ",
                        absl::FormatDuration(max), ", as in 1m30s");
  }
  *member = value;
  return "";
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileSize + 1, '\0');
  // Unlike an iterator, read throws nothing at a directory.
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.eof()) return std::nullopt;
  text.resize(static_cast<size_t>(file.gcount()));
  return std::string(absl::StripSuffix(absl::StripSuffix(text, "\n"), "\r"));
}

}  // namespace

struct Schema::Given {
  RawSetting raw;
  Setting* setting = nullptr;
  bool from_file = false;
};

Setting::Setting(std::string name, Codec codec)
    : name_(std::move(name)), codec_(std::move(codec)), default_(codec_.write()) {}

Setting& Setting::Help(absl::string_view help) {
  help_ = std::string(help);
  return *this;
}

Setting& Setting::Required() {
  required_ = true;
  return *this;
}

Setting& Setting::Secret() {
  secret_ = true;
  return *this;
}

Setting& Setting::MustExist() {
  must_exist_ = true;
  return *this;
}

Setting& Setting::Check(std::function<std::string(absl::string_view)> check) {
  check_ = std::move(check);
  return *this;
}

std::string Setting::Set(absl::string_view text, std::string source) {
  if (must_exist_ && access(std::string(text).c_str(), R_OK) != 0) {
    return "no such file or directory, or not readable";
  }
  if (check_) {
    if (std::string wrong = check_(text); !wrong.empty()) return wrong;
  }
  if (std::string wrong = codec_.read(text); !wrong.empty()) return wrong;
  source_ = std::move(source);
  return "";
}

std::string Setting::Shown() const {
  const std::string value = codec_.write();
  return secret_ && !value.empty() ? std::string(kMask) : value;
}

Schema::Schema(absl::string_view program, absl::string_view about)
    : program_(program), about_(about) {}

Setting& Schema::Add(absl::string_view name, Codec codec) {
  return settings_.emplace_back(std::string(name), std::move(codec));
}

Setting& Schema::String(absl::string_view name, std::string* member) {
  return Add(name, {.kind = "string",
                    .read =
                        [member](absl::string_view text) {
                          *member = std::string(text);
                          return std::string();
                        },
                    .write = [member] { return *member; }});
}

Setting& Schema::Path(absl::string_view name, std::string* member) {
  Setting& setting = String(name, member);
  setting.codec_.kind = "path";
  return setting;
}

Setting& Schema::StringList(absl::string_view name, std::vector<std::string>* member) {
  return Add(name, {.kind = "list",
                    .read =
                        [member](absl::string_view text) {
                          member->clear();
                          for (absl::string_view part :
                               absl::StrSplit(text, ',', absl::SkipWhitespace())) {
                            member->emplace_back(absl::StripAsciiWhitespace(part));
                          }
                          return std::string();
                        },
                    .write = [member] { return absl::StrJoin(*member, ","); }});
}

Setting& Schema::Int(absl::string_view name, int64_t* member, int64_t min, int64_t max) {
  return Add(name, IntCodec(member, min, max));
}

Setting& Schema::Int(absl::string_view name, int* member, int min, int max) {
  return Add(name, IntCodec(member, min, max));
}

Setting& Schema::Real(absl::string_view name, double* member, double min, double max) {
  return Add(name,
             {.kind = absl::StrCat("number ", min, "..", max),
              .read = [=](absl::string_view text) { return ReadReal(text, member, min, max); },
              .write = [member] { return absl::StrCat(*member); }});
}

Setting& Schema::Bool(absl::string_view name, bool* member) {
  return Add(name, {.kind = "bool",
                    .read = [member](absl::string_view text) { return ReadBool(text, member); },
                    .write = [member] { return std::string(*member ? "true" : "false"); }});
}

Setting& Schema::Duration(absl::string_view name, absl::Duration* member, absl::Duration min,
                          absl::Duration max) {
  return Add(name,
             {.kind = "duration",
              .read = [=](absl::string_view text) { return ReadDuration(text, member, min, max); },
              .write = [member] { return absl::FormatDuration(*member); }});
}

void Schema::IgnoreEnvironment(absl::string_view prefix) { ignored_.emplace_back(prefix); }

Setting* Schema::Find(absl::string_view name) {
  for (Setting& setting : settings_) {
    if (setting.name_ == name) return &setting;
  }
  return nullptr;
}

std::string Schema::NearestTo(absl::string_view name) const {
  std::string nearest;
  size_t distance = name.size() / 2 + 2;  // Beyond it, a proposal would be a guess.
  for (const Setting& setting : settings_) {
    const size_t d = EditDistance(name, setting.name_);
    if (d >= distance) continue;
    distance = d;
    nearest = setting.name_;
  }
  return nearest;
}

std::string Schema::Apply(const Given& given) {
  Setting& setting = *given.setting;
  std::optional<std::string> value = given.raw.value;
  if (!value.has_value() && setting.codec_.kind == "bool") value = "true";
  if (!value.has_value()) return "needs a value";
  if (given.from_file) {
    value = ReadFile(*value);
    if (!value.has_value()) {
      return absl::StrCat("cannot read the file ", *given.raw.value, " (of at most 1 MiB)");
    }
  }
  std::string wrong = setting.Set(*value, given.raw.shown);
  if (wrong.empty() || setting.secret_) return wrong;
  return absl::StrCat("is \"", *value, "\", ", wrong);
}

absl::StatusOr<Action> Schema::Load(const std::vector<std::string>& args,
                                    const std::map<std::string, std::string>& environment) {
  const RawFlags flags = ReadFlags(args, [this](absl::string_view name) {
    const Setting* setting = Find(name);
    return setting == nullptr ? absl::EndsWith(name, kFileSuffix) : setting->codec_.kind != "bool";
  });
  if (flags.help) return Action::kHelp;
  Violations violations;
  for (const std::string& stray : flags.strays) {
    violations.Add(stray.empty() ? "\"\"" : stray, "is no flag");
  }
  // The environment first, so that flags overwrite it.
  std::vector<RawSetting> all = ReadEnvironment(environment, ignored_);
  all.insert(all.end(), flags.settings.begin(), flags.settings.end());
  for (const RawSetting& raw : all) {
    Given given{.raw = raw, .setting = Find(raw.name)};
    if (given.setting == nullptr) {
      given.setting = Find(absl::StripSuffix(raw.name, kFileSuffix));
      given.from_file = true;
      if (given.setting != nullptr && !given.setting->secret_) given.setting = nullptr;
    }
    if (given.setting != nullptr) {
      if (std::string wrong = Apply(given); !wrong.empty()) violations.Add(raw.shown, wrong);
      continue;
    }
    const std::string nearest = NearestTo(raw.name);
    const bool is_flag = absl::StartsWith(raw.shown, "--");
    violations.Add(raw.shown, nearest.empty() ? "unknown setting, see --help"
                                              : absl::StrCat("unknown setting, did you mean ",
                                                             is_flag ? absl::StrCat("--", nearest)
                                                                     : VariableName(nearest),
                                                             "?"));
  }
  for (const Setting& setting : settings_) {
    if (!setting.required_ || !setting.codec_.write().empty()) continue;
    violations.Add(absl::StrCat("--", setting.name_),
                   absl::StrCat("is required (or ", VariableName(setting.name_), ")"));
  }
  if (!violations.empty()) return violations.ToStatus();
  return flags.print_config ? Action::kPrintConfig : Action::kRun;
}

std::string Schema::Help() const {
  std::string text =
      absl::StrCat(program_, ": ", about_, "\n\nSettings, as flag or environment variable:\n");
  for (const Setting& setting : settings_) {
    absl::StrAppendFormat(&text, "  --%-28s %-32s %s\n", setting.name_, VariableName(setting.name_),
                          setting.codec_.kind);
    absl::StrAppend(&text, "      ", setting.help_);
    if (setting.required_) absl::StrAppend(&text, " (required)");
    if (setting.secret_) {
      absl::StrAppend(&text, " (secret; also --", setting.name_, kFileSuffix, ")");
    } else if (!setting.default_.empty()) {
      absl::StrAppend(&text, " (default ", setting.default_, ")");
    }
    absl::StrAppend(&text, "\n");
  }
  absl::StrAppend(&text, "  --print-config\n      Prints the effective settings and exits\n");
  absl::StrAppend(&text, "  --help\n      Prints this text and exits\n");
  return text;
}

std::string Schema::Print() const {
  std::string text;
  for (const Setting& setting : settings_) {
    absl::StrAppendFormat(&text, "%s = %s  (%s)\n", setting.name_, setting.Shown(),
                          setting.source_.empty() ? "default" : setting.source_);
  }
  return text;
}

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const absl::string_view text(*entry);
    const size_t equals = text.find('=');
    if (equals == absl::string_view::npos) continue;
    environment.emplace(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
  }
  return environment;
}

std::string ErrorLine(absl::string_view program, const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  if (details.violations.empty()) return absl::StrCat(program, ": ", status.message());
  return absl::StrCat(
      program, ": ",
      absl::StrJoin(details.violations, "; ", [](std::string* out, const FieldViolation& wrong) {
        absl::StrAppend(out, wrong.field, ": ", wrong.description);
      }));
}

}  // namespace okr::config
