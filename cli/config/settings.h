// Where the services are, who calls them and for which organization.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/tls/files.h"

namespace okr::cli {

struct Settings {
  std::string goals_address = "127.0.0.1:7101";
  std::string checkins_address = "127.0.0.1:7102";
  std::string scoring_address = "127.0.0.1:7103";
  std::string notifications_address = "127.0.0.1:7104";
  std::string organization;  // Its id.
  std::string token;
  std::string token_file;
  // How the services are reached. TLS is spoken if any of these is set, but for tls "false".
  std::string tls;               // "true" or "false"; empty: by the others.
  std::string ca_file;           // PEM: whom to believe; empty: the system's authorities.
  std::string certificate_file;  // PEM: the client's, with its key; empty: none is shown.
  std::string key_file;
  // The development issuer; only where `development_key_dir` is set.
  std::string development_key_dir;
  std::string development_issuer = "okr-development";
  std::string development_audience = "okr";
  std::string development_as;    // The person who calls if there is no token.
  std::string development_role;  // Their role; MEMBER if empty.
};

// One setting, for all that goes over them.
struct SettingInfo {
  std::string key;  // In the file, "development.key_dir" below "development".
  std::string about;
  std::string Settings::*member;
  bool secret = false;
};
const std::vector<SettingInfo>& AllSettings();

// The file to read: OKRCTL_CONFIG, else .local/okrctl.yaml below `directory` if it is there, else
// ~/.config/okrctl/config.yaml.
std::string SettingsPath(const std::map<std::string, std::string>& environment,
                         const std::string& directory);

// What the file says over `settings`. Every unknown key and wrong value is named. Without a file
// nothing changes. Relative paths in it count from its folder.
absl::Status ReadSettings(const std::string& path, Settings* settings);

// As the file would have them; secrets are masked.
std::string ShowSettings(const Settings& settings, const std::string& path);
// One flat object, with keys as in AllSettings; secrets are masked.
std::string ShowSettingsAsJson(const Settings& settings);
// A file that ReadSettings reads.
std::string WriteSettings(const Settings& settings);

// Whether TLS is to be spoken, with which files, and what they hold. A usage error for settings
// that do not go together, or files that cannot be used.
struct TlsSettings {
  bool on = false;
  tls::Files files;
  tls::Material material;
};
absl::StatusOr<TlsSettings> TlsOf(const Settings& settings);

// The address of "goals", "checkins", "scoring" or "notifications".
std::string AddressOf(const Settings& settings, absl::string_view service);
const std::vector<std::string>& ServiceNames();

}  // namespace okr::cli
