#include "common/rpc/token_issuers.h"

#include <yaml-cpp/yaml.h>

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/watched_file.h"
#include "common/names/resource_name.h"
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

// "*" stands for all organizations, which only services may see.
auth::SubjectGrant ReadGrant(const YAML::Node& map, const std::string& field, bool may_be_service,
                             Violations* violations) {
  auth::SubjectGrant grant;
  if (!map.IsMap()) {
    violations->Add(field, "expected a role and an organization");
    return grant;
  }
  const std::string prefix = absl::StrCat(field, ".");
  CheckKeys(map, prefix, {"role", "organization"}, violations);
  std::string name;
  ReadText(map, prefix, "role", true, &name, violations);
  ReadText(map, prefix, "organization", true, &grant.organization, violations);
  const std::optional<auth::Role> role = auth::RoleFromName(name);
  grant.role = role.value_or(auth::Role::kViewer);
  if (!role.has_value() && !name.empty()) {
    violations->Add(prefix + "role", absl::StrCat("\"", name,
                                                  "\" is no role; expected SERVICE, "
                                                  "ADMIN, MEMBER or VIEWER"));
  }
  if (grant.role == auth::Role::kService && !may_be_service) {
    violations->Add(prefix + "role", "SERVICE contradicts may_name_services: false of this issuer");
  }
  const bool everywhere = grant.organization == auth::kAnyOrganization;
  if (everywhere && role.has_value() && grant.role != auth::Role::kService) {
    violations->Add(prefix + "organization",
                    absl::StrCat("\"*\" is for the role SERVICE only; give ", name,
                                 " the id of one organization"));
  }
  if (!everywhere && !grant.organization.empty() && !IsResourceId(grant.organization)) {
    violations->Add(prefix + "organization",
                    absl::StrCat("\"", grant.organization, "\" is no id of an organization"));
  }
  return grant;
}

void ReadSubjects(const YAML::Node& map, const std::string& prefix, auth::IssuerOptions* issuer,
                  Violations* violations) {
  const std::string field = absl::StrCat(prefix, "subjects");
  if (!map.IsMap() || map.size() == 0) {
    violations->Add(field, "expected a map with at least one subject");
    return;
  }
  for (const auto& entry : map) {
    const auto subject = entry.first.as<std::string>("");
    const std::string name = absl::StrCat(field, "[\"", subject, "\"]");
    if (subject.empty() || subject.size() > 255) {
      violations->Add(name, "expected a subject of 1 to 255 bytes, exactly as in \"sub\"");
    }
    const bool added =
        issuer->subjects
            .emplace(subject, ReadGrant(entry.second, name, issuer->may_name_services, violations))
            .second;
    if (!added) violations->Add(name, "is given twice");
  }
}

// What belongs to reading the keys from a URL.
void ReadJwksFiles(const YAML::Node& map, const std::string& prefix, const std::string& file,
                   auth::IssuerOptions* issuer, Violations* violations) {
  ReadText(map, prefix, "jwks_ca_file", false, &issuer->jwks_ca_file, violations);
  ReadText(map, prefix, "jwks_token_file", false, &issuer->jwks_token_file, violations);
  for (const auto& [key, path] : {std::pair{"jwks_ca_file", &issuer->jwks_ca_file},
                                  std::pair{"jwks_token_file", &issuer->jwks_token_file}}) {
    *path = Resolve(*path, file);
    if (!path->empty() && !absl::StartsWith(issuer->jwks, "https://")) {
      violations->Add(absl::StrCat(prefix, key), "needs a jwks that begins with https://");
    }
  }
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
             "may_name_services", "jwks_ca_file", "jwks_token_file", "subjects"},
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
  ReadJwksFiles(map, prefix, file, &issuer, violations);
  if (const YAML::Node subjects = map["subjects"]; subjects.IsDefined()) {
    ReadSubjects(subjects, prefix, &issuer, violations);
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
