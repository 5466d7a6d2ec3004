#include "common/config/sources.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace okr::config {
namespace {

constexpr absl::string_view kPrefix = "OKR_";

// Kubernetes describes every service of a namespace to its pods in variables like Docker's links.
bool IsServiceLink(absl::string_view name, absl::string_view value) {
  if (absl::EndsWith(name, "_SERVICE_HOST")) return true;
  if (absl::StrContains(name, "_SERVICE_PORT")) return true;
  const bool address = absl::StartsWith(value, "tcp://") || absl::StartsWith(value, "udp://") ||
                       absl::StartsWith(value, "sctp://");
  if (absl::EndsWith(name, "_PORT") && address) return true;
  const size_t port = name.rfind("_PORT_");
  return port != absl::string_view::npos && port + 6 < name.size() &&
         absl::ascii_isdigit(name[port + 6]);
}

bool IsIgnored(absl::string_view name, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [name](const std::string& prefix) { return absl::StartsWith(name, prefix); });
}

}  // namespace

std::vector<RawSetting> ReadEnvironment(const std::map<std::string, std::string>& environment,
                                        const std::vector<std::string>& ignored_prefixes) {
  std::vector<RawSetting> settings;
  for (const auto& [name, value] : environment) {
    if (!absl::StartsWith(name, kPrefix) || IsServiceLink(name, value) ||
        IsIgnored(name, ignored_prefixes)) {
      continue;
    }
    std::string setting = absl::AsciiStrToLower(name.substr(kPrefix.size()));
    std::replace(setting.begin(), setting.end(), '_', '-');
    settings.push_back({.shown = name, .name = std::move(setting), .value = value});
  }
  return settings;
}

std::string VariableName(absl::string_view setting) {
  return absl::StrCat(kPrefix, absl::StrReplaceAll(absl::AsciiStrToUpper(setting), {{"-", "_"}}));
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace okr::config
