// The raw settings in flags and environment, before anything is known of their meaning.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace okr::config {

// One setting as it was written.
struct RawSetting {
  std::string shown;                 // "--listen" or "OKR_LISTEN".
  std::string name;                  // "listen".
  std::optional<std::string> value;  // Absent for a flag alone.
};

struct RawFlags {
  bool help = false;
  bool print_config = false;
  std::vector<RawSetting> settings;
  std::vector<std::string> strays;  // Arguments that are no flags.
};

// Reads --name=value, --name value and --name. `takes_value` tells whether a setting needs the next
// argument for its value.
template <typename TakesValue>
RawFlags ReadFlags(const std::vector<std::string>& args, const TakesValue& takes_value);

// The OKR_* variables, without those that Kubernetes makes for services (OKR_GOALS_SERVICE_HOST,
// OKR_GOALS_PORT_7443_TCP, ...) and those with an ignored prefix.
std::vector<RawSetting> ReadEnvironment(const std::map<std::string, std::string>& environment,
                                        const std::vector<std::string>& ignored_prefixes);

// "database-url" to "OKR_DATABASE_URL".
std::string VariableName(absl::string_view setting);

// The fewest insertions, deletions and replacements of characters that make `a` out of `b`.
size_t EditDistance(absl::string_view a, absl::string_view b);

template <typename TakesValue>
RawFlags ReadFlags(const std::vector<std::string>& args, const TakesValue& takes_value) {
  RawFlags flags;
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--help" || arg == "-h") {
      flags.help = true;
    } else if (arg == "--print-config") {
      flags.print_config = true;
    } else if (arg.size() < 3 || arg.compare(0, 2, "--") != 0) {
      flags.strays.push_back(arg);
    } else {
      const size_t equals = arg.find('=');
      RawSetting setting{.shown = arg.substr(0, equals)};
      setting.name = setting.shown.substr(2);
      if (equals != std::string::npos) {
        setting.value = arg.substr(equals + 1);
      } else if (takes_value(setting.name) && i + 1 < args.size()) {
        setting.value = args[++i];
      }
      flags.settings.push_back(std::move(setting));
    }
  }
  return flags;
}

}  // namespace okr::config
