#include "cli/config/settings.h"

#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/config/files.h"
#include "cli/render/errors.h"
#include "cli/resources/message_reader.h"
#include "cli/text/words.h"
#include "common/log/json_text.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "yaml-cpp/yaml.h"

namespace okr::cli {
namespace {

constexpr absl::string_view kSection = "development.";

std::vector<std::string> KeysBelow(absl::string_view prefix) {
  std::vector<std::string> keys;
  for (const SettingInfo& info : AllSettings()) {
    absl::string_view key = info.key;
    if (prefix.empty() && !absl::StartsWith(key, kSection)) keys.emplace_back(key);
    if (!prefix.empty() && absl::ConsumePrefix(&key, prefix)) keys.emplace_back(key);
  }
  if (prefix.empty()) keys.emplace_back("development");
  return keys;
}

const SettingInfo* Find(const std::string& key) {
  for (const SettingInfo& info : AllSettings()) {
    if (info.key == key) return &info;
  }
  return nullptr;
}

void Fail(const YAML::Node& node, absl::string_view text, SourceErrors* errors) {
  errors->Add(node.Mark().line + 1, node.Mark().column + 1, text);
}

void ReadSection(const YAML::Node& section, const std::string& prefix, Settings* settings,
                 SourceErrors* errors) {
  if (!section.IsMap()) return Fail(section, "keys and values are expected here", errors);
  for (const auto& entry : section) {
    const std::string key = entry.first.Scalar();
    if (prefix.empty() && key == "development") {
      ReadSection(entry.second, std::string(kSection), settings, errors);
      continue;
    }
    const SettingInfo* info = Find(prefix + key);
    if (info == nullptr) {
      Fail(entry.first,
           absl::StrCat("\"", key, "\" is no setting", DidYouMean(key, KeysBelow(prefix))), errors);
    } else if (!entry.second.IsScalar() && !entry.second.IsNull()) {
      Fail(entry.second, absl::StrCat("\"", key, "\" is a single value"), errors);
    } else {
      settings->*info->member = entry.second.IsNull() ? "" : entry.second.Scalar();
    }
  }
}

void MakeAbsolute(const std::filesystem::path& folder, std::string* path) {
  if (path->empty() || std::filesystem::path(*path).is_absolute()) return;
  *path = (folder / *path).string();
}

std::string AsYaml(const Settings& settings, bool mask) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  bool in_section = false;
  for (const SettingInfo& info : AllSettings()) {
    const std::string& value = settings.*info.member;
    if (value.empty()) continue;
    absl::string_view key = info.key;
    if (absl::ConsumePrefix(&key, kSection) && !in_section) {
      in_section = true;
      out << YAML::Key << "development" << YAML::Value << YAML::BeginMap;
    }
    out << YAML::Key << std::string(key) << YAML::Value
        << (mask && info.secret ? std::string("(set)") : value);
  }
  if (in_section) out << YAML::EndMap;
  out << YAML::EndMap;
  return absl::StrCat(out.c_str(), "\n");
}

}  // namespace

const std::vector<SettingInfo>& AllSettings() {
  static const auto& all = *new std::vector<SettingInfo>{
      {"goals_address", "Address of goals", &Settings::goals_address},
      {"checkins_address", "Address of checkins", &Settings::checkins_address},
      {"scoring_address", "Address of scoring", &Settings::scoring_address},
      {"notifications_address", "Address of notifications", &Settings::notifications_address},
      {"organization", "Id of the organization", &Settings::organization},
      {"token", "Token to call with", &Settings::token, true},
      {"token_file", "File with the token to call with", &Settings::token_file},
      {"tls", "Whether to speak TLS: true or false", &Settings::tls},
      {"ca_file", "PEM: authorities to believe", &Settings::ca_file},
      {"certificate_file", "PEM: client certificate to show", &Settings::certificate_file},
      {"key_file", "PEM: key of that certificate", &Settings::key_file},
      {"development.key_dir", "Folder with the key of the development issuer",
       &Settings::development_key_dir},
      {"development.issuer", "Name of the development issuer", &Settings::development_issuer},
      {"development.audience", "Audience of its tokens", &Settings::development_audience},
      {"development.as", "Person who calls if there is no token", &Settings::development_as},
      {"development.role", "Role of that person", &Settings::development_role}};
  return all;
}

std::string SettingsPath(const std::map<std::string, std::string>& environment,
                         const std::string& directory) {
  const auto get = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  if (const std::string named = get("OKRCTL_CONFIG"); !named.empty()) return named;
  const std::string local = absl::StrCat(directory, "/.local/okrctl.yaml");
  if (std::filesystem::exists(local)) return local;
  return absl::StrCat(get("HOME"), "/.config/okrctl/config.yaml");
}

absl::Status ReadSettings(const std::string& path, Settings* settings) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  SourceErrors errors;
  const YAML::Node root = ParseYaml(text, &errors);
  if (errors.empty() && !root.IsNull()) ReadSection(root, "", settings, &errors);
  if (!errors.empty()) return UsageError(errors.ToText(path));
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  for (std::string Settings::*file : {&Settings::token_file, &Settings::ca_file,
                                      &Settings::certificate_file, &Settings::key_file}) {
    MakeAbsolute(folder, &(settings->*file));
  }
  MakeAbsolute(folder, &settings->development_key_dir);
  return absl::OkStatus();
}

std::string ShowSettings(const Settings& settings, const std::string& path) {
  const bool there = std::filesystem::exists(path);
  return absl::StrCat("# ", path, there ? "" : " (not there; these are the defaults)", "\n",
                      AsYaml(settings, /*mask=*/true));
}

std::string ShowSettingsAsJson(const Settings& settings) {
  std::string json;
  for (const SettingInfo& info : AllSettings()) {
    const std::string& value = settings.*info.member;
    if (value.empty()) continue;
    absl::StrAppend(&json, json.empty() ? "{\n  " : ",\n  ");
    log::AppendJsonString(json, info.key);
    absl::StrAppend(&json, ": ");
    log::AppendJsonString(json, info.secret ? "(set)" : value);
  }
  return absl::StrCat(json.empty() ? "{" : json, "\n}\n");
}

std::string WriteSettings(const Settings& settings) { return AsYaml(settings, /*mask=*/false); }

absl::StatusOr<TlsSettings> TlsOf(const Settings& settings) {
  const bool has_files =
      !settings.ca_file.empty() || !settings.certificate_file.empty() || !settings.key_file.empty();
  if (!settings.tls.empty() && settings.tls != "true" && settings.tls != "false") {
    return UsageError(absl::StrCat("tls: \"", settings.tls, "\" is not true or false"));
  }
  if (settings.tls == "false" && has_files) {
    return UsageError(
        "tls is false, but ca_file, certificate_file or key_file is set; leave out one or the "
        "other");
  }
  TlsSettings tls{.on = settings.tls == "true" || has_files,
                  .files = {.certificate = {"certificate_file", settings.certificate_file},
                            .key = {"key_file", settings.key_file},
                            .ca = {"ca_file", settings.ca_file}}};
  auto material = tls::Read(tls.files);
  if (material.ok()) {
    tls.material = *std::move(material);
    return tls;
  }
  std::vector<std::string> lines;
  for (const FieldViolation& wrong : DetailsOf(material.status()).violations) {
    lines.push_back(absl::StrCat(wrong.field, ": ", wrong.description));
  }
  return UsageError(absl::StrJoin(lines, "\n"));
}

const std::vector<std::string>& ServiceNames() {
  static const auto& names =
      *new std::vector<std::string>{"goals", "checkins", "scoring", "notifications"};
  return names;
}

std::string AddressOf(const Settings& settings, absl::string_view service) {
  if (service == "goals") return settings.goals_address;
  if (service == "checkins") return settings.checkins_address;
  if (service == "scoring") return settings.scoring_address;
  return settings.notifications_address;
}

}  // namespace okr::cli
