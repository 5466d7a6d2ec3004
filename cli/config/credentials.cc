#include "cli/config/credentials.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/config/files.h"
#include "cli/render/errors.h"
#include "cli/resources/kinds.h"
#include "common/auth/development_issuer.h"
#include "common/status/macros.h"

namespace okr::cli {
namespace {

// Long enough for one call or a run of them.
constexpr absl::Duration kOneCall = absl::Minutes(10);

absl::StatusOr<std::string> TokenInFile(const std::string& path) {
  OKR_ASSIGN_OR_RETURN(std::string token, ReadFile(path));
  absl::StripAsciiWhitespace(&token);
  if (token.empty()) return UsageError(absl::StrCat("the token file ", path, " is empty"));
  return token;
}

}  // namespace

bool Credentials::is_explicit() const {
  return !flags_.as.empty() || !flags_.token_file.empty() || !flags_.environment_token.empty() ||
         !settings_.token.empty() || !settings_.token_file.empty();
}

absl::StatusOr<std::string> Credentials::Token() const {
  if (!flags_.as.empty())
    return Mint(IdOf(flags_.as), flags_.role, settings_.organization, kOneCall);
  if (!flags_.token_file.empty()) return TokenInFile(flags_.token_file);
  if (!flags_.environment_token.empty()) return flags_.environment_token;
  if (!settings_.token.empty()) return settings_.token;
  if (!settings_.token_file.empty()) return TokenInFile(settings_.token_file);
  if (settings_.development_as.empty()) return std::string();
  const std::string role = flags_.role.empty() ? settings_.development_role : flags_.role;
  return Mint(IdOf(settings_.development_as), role, settings_.organization, kOneCall);
}

absl::StatusOr<std::string> Credentials::Mint(absl::string_view subject, absl::string_view role,
                                              absl::string_view organization,
                                              absl::Duration ttl) const {
  if (!has_development_key()) {
    return UsageError(
        "there is no development key to make a token with; set development.key_dir in the "
        "configuration, or use a token of your identity provider");
  }
  if (organization.empty()) return UsageError("for which organization? Use --organization ID");
  const auto parsed = auth::RoleFromName(role.empty() ? "MEMBER" : absl::AsciiStrToUpper(role));
  if (!parsed.has_value()) {
    return UsageError(
        absl::StrCat("\"", role, "\" is no role; use ADMIN, MEMBER, VIEWER or SERVICE"));
  }
  auto issuer = auth::DevelopmentIssuer::Load(settings_.development_key_dir);
  if (!issuer.ok()) {
    return UsageError(absl::StrCat("the development key cannot be read: ",
                                   issuer.status().message(), "; \"okrctl auth init\" makes one"));
  }
  return issuer->Mint({.issuer = settings_.development_issuer,
                       .audience = settings_.development_audience,
                       .subject = std::string(subject),
                       .organization = std::string(organization),
                       .role = *parsed},
                      ttl, clock_.Now());
}

}  // namespace okr::cli
