#include "common/rpc/token_issuers.h"

#include <yaml-cpp/yaml.h>

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/watched_file.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::rpc {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 20;

void CheckKeys(const YAML::Node& map, const std::string& prefix, const std::set<std::string>& known,
               Violations* violations) {
  for (const auto& entry : map) {
    const auto key = entry.first.as<std::string>("");
    if (known.count(key) > 0) continue;
    violations->Add(absl::StrCat(prefix, key.empty() ? "?" : key), "unknown setting");
  }
}

void ReadText(const YAML::Node& map, const std::string& prefix, const char* key, bool required,
              std::string* value, Violations* violations) {
  const YAML::Node node = map[key];
  if (!node.IsDefined() && !required) return;
  *value = node.IsDefined() && node.IsScalar() ? node.as<std::string>("") : "";
  if (value->empty()) violations->Add(absl::StrCat(prefix, key), "expected a text");
}

std::vector<auth::Algorithm> ReadAlgorithms(const YAML::Node& list, const std::string& field,
                                            Violations* violations) {
  std::vector<auth::Algorithm> algorithms;
  for (const YAML::Node& node : list) {
    const auto name = node.as<std::string>("");
    const std::optional<auth::Algorithm> algorithm = auth::AlgorithmFromName(name);
    if (algorithm.has_value()) {
      algorithms.push_back(*algorithm);
    } else {
      violations->Add(field, absl::StrCat("\"", name, "\" is no asymmetric algorithm"));
    }
  }
  if (algorithms.empty()) violations->Add(field, "expected a list of algorithms, e.g. [RS256]");
  return algorithms;
}

bool IsUrl(absl::string_view location) {
  return absl::StartsWith(location, "http://") || absl::StartsWith(location, "https://");
}

std::string Resolve(const std::string& location, const std::string& file) {
  const size_t slash = file.rfind('/');
  if (location.empty() || IsUrl(location) || location[0] == '/' || slash == std::string::npos) {
    return location;
  }
  return absl::StrCat(file.substr(0, slash + 1), location);
}

auth::IssuerOptions ReadIssuer(const YAML::Node& map, const std::string& prefix,
                               const std::string& file, Violations* violations) {
  auth::IssuerOptions issuer;
  if (!map.IsMap()) {
    violations->Add(prefix, "expected issuer, audience and jwks");
    return issuer;
  }
  CheckKeys(map, prefix,
            {"issuer", "audience", "jwks", "organization_claim", "role_claim", "algorithms",
             "may_name_services"},
            violations);
  ReadText(map, prefix, "issuer", true, &issuer.issuer, violations);
  ReadText(map, prefix, "audience", true, &issuer.audience, violations);
  ReadText(map, prefix, "jwks", true, &issuer.jwks, violations);
  ReadText(map, prefix, "organization_claim", false, &issuer.organization_claim, violations);
  ReadText(map, prefix, "role_claim", false, &issuer.role_claim, violations);
  issuer.jwks = Resolve(issuer.jwks, file);
  if (const YAML::Node list = map["algorithms"]; list.IsDefined()) {
    issuer.algorithms = ReadAlgorithms(list, absl::StrCat(prefix, "algorithms"), violations);
  }
  if (const YAML::Node flag = map["may_name_services"];
      flag.IsDefined() && !YAML::convert<bool>::decode(flag, issuer.may_name_services)) {
    violations->Add(absl::StrCat(prefix, "may_name_services"), "expected true or false");
  }
  return issuer;
}

auth::TokenVerifier::Options ReadRoot(const YAML::Node& root, const std::string& file,
                                      Violations* violations) {
  auth::TokenVerifier::Options options;
  const YAML::Node issuers = root.IsMap() ? root["issuers"] : YAML::Node();
  if (!issuers.IsDefined() || !issuers.IsSequence() || issuers.size() == 0) {
    violations->Add("issuers", "expected a list with at least one issuer");
    return options;
  }
  CheckKeys(root, "", {"clock_skew", "issuers"}, violations);
  if (const YAML::Node skew = root["clock_skew"]; skew.IsDefined()) {
    const bool read = absl::ParseDuration(skew.as<std::string>(""), &options.clock_skew);
    if (!read || options.clock_skew < absl::ZeroDuration() ||
        options.clock_skew > absl::Minutes(10)) {
      violations->Add("clock_skew", "expected a duration from 0s to 10m");
    }
  }
  for (size_t i = 0; i < issuers.size(); ++i) {
    options.issuers.push_back(
        ReadIssuer(issuers[i], absl::StrCat("issuers[", i, "]."), file, violations));
  }
  return options;
}

}  // namespace

absl::StatusOr<auth::TokenVerifier::Options> ReadTokenIssuers(const std::string& path) {
  OKR_ASSIGN_OR_RETURN(const std::string text, auth::ReadSmallFile(path, kMaxFileBytes));
  Violations violations;
  auth::TokenVerifier::Options options;
  try {
    options = ReadRoot(YAML::Load(text), path, &violations);
  } catch (const YAML::Exception& exception) {
    violations.Add("issuers", absl::StrCat("is not YAML: ", exception.what()));
  }
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  return options;
}

}  // namespace okr::rpc
