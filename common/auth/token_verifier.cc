#include "common/auth/token_verifier.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/auth_errors.h"
#include "common/ids/digest.h"
#include "common/names/resource_name.h"
#include "common/status/macros.h"

namespace okr::auth {
namespace {

constexpr size_t kMaxSubjectSize = 255;
constexpr double kMaxUnixSeconds = 253402300799.0;  // The end of the year 9999.

bool Contains(const std::vector<std::string>& texts, absl::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

absl::StatusOr<absl::Time> ReadTime(const JsonObject& claims, const char* claim) {
  const std::optional<double> seconds = claims.GetNumber(claim);
  if (!seconds.has_value() || !(*seconds >= 0 && *seconds <= kMaxUnixSeconds)) {
    return error::TokenClaimMissing(claim, "seconds since 1970");
  }
  return absl::UnixEpoch() + absl::Seconds(*seconds);
}

// `expiry` gets the token's own.
absl::Status CheckTimes(const JsonObject& claims, absl::Time now, absl::Duration skew,
                        absl::Time* expiry) {
  OKR_ASSIGN_OR_RETURN(*expiry, ReadTime(claims, "exp"));
  OKR_ASSIGN_OR_RETURN(const absl::Time issued, ReadTime(claims, "iat"));
  absl::Time not_before = issued;
  if (claims.Has("nbf")) {
    OKR_ASSIGN_OR_RETURN(const absl::Time given, ReadTime(claims, "nbf"));
    not_before = std::max(issued, given);
  }
  if (now >= *expiry + skew) return error::TokenExpired();
  if (now + skew < not_before) return error::TokenNotYetValid();
  return absl::OkStatus();
}

absl::Status CheckAudience(const JsonObject& claims, const std::string& audience) {
  const auto audiences = claims.GetStrings("aud");
  if (!audiences.has_value())
    return error::TokenClaimMissing("aud", "the audience of this service");
  return Contains(*audiences, audience) ? absl::OkStatus() : error::TokenAudienceWrong();
}

absl::StatusOr<Role> ReadRole(const JsonObject& claims, const IssuerOptions& options) {
  const char* claim = options.role_claim.c_str();
  const std::optional<Role> role = RoleFromName(claims.GetString(claim).value_or(""));
  if (!role.has_value()) return error::TokenClaimMissing(claim, "VIEWER, MEMBER, ADMIN or SERVICE");
  if (*role == Role::kService && !options.may_name_services) {
    return error::TokenClaimMissing(claim, "VIEWER, MEMBER or ADMIN from this issuer");
  }
  return *role;
}

absl::StatusOr<std::string> ReadOrganization(const JsonObject& claims, const IssuerOptions& options,
                                             Role role) {
  const char* claim = options.organization_claim.c_str();
  std::string organization = claims.GetString(claim).value_or("");
  if (role == Role::kService && organization == kAnyOrganization) return organization;
  if (!IsResourceId(organization)) {
    return error::TokenClaimMissing(
        claim, "the id of an organization (\"*\" is only for the role SERVICE)");
  }
  return organization;
}

// What the claims, or the issuer's subjects where it has some, say of organization and role.
absl::Status ReadGrant(const JsonObject& claims, const IssuerOptions& options,
                       Principal* principal) {
  if (options.subjects.empty()) {
    OKR_ASSIGN_OR_RETURN(principal->role, ReadRole(claims, options));
    OKR_ASSIGN_OR_RETURN(principal->organization,
                         ReadOrganization(claims, options, principal->role));
    return absl::OkStatus();
  }
  const auto granted = options.subjects.find(principal->subject);
  if (granted == options.subjects.end()) return error::TokenSubjectUnknown();
  principal->role = granted->second.role;
  principal->organization = granted->second.organization;
  return absl::OkStatus();
}

// The principal of claims that are known to be the issuer's.
absl::StatusOr<Principal> ReadPrincipal(const JsonObject& claims, const IssuerOptions& options,
                                        absl::Time now, absl::Duration skew) {
  OKR_RETURN_IF_ERROR(CheckAudience(claims, options.audience));
  Principal principal{.issuer = options.issuer};
  OKR_RETURN_IF_ERROR(CheckTimes(claims, now, skew, &principal.expiry));
  principal.subject = claims.GetString("sub").value_or("");
  if (principal.subject.empty() || principal.subject.size() > kMaxSubjectSize) {
    return error::TokenClaimMissing("sub", "a text of 1 to 255 bytes");
  }
  OKR_RETURN_IF_ERROR(ReadGrant(claims, options, &principal));
  return principal;
}

absl::Status CheckGrants(const IssuerOptions& issuer) {
  for (const auto& [subject, grant] : issuer.subjects) {
    const bool everywhere = grant.organization == kAnyOrganization;
    if (subject.empty() || subject.size() > kMaxSubjectSize ||
        (everywhere ? grant.role != Role::kService : !IsResourceId(grant.organization)) ||
        (grant.role == Role::kService && !issuer.may_name_services)) {
      return absl::InvalidArgumentError(absl::StrCat("the issuer ", issuer.issuer,
                                                     " grants the subject \"", subject,
                                                     "\" what it cannot have"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const TokenVerifier::Options& options) {
  if (options.issuers.empty()) return absl::InvalidArgumentError("no issuer of tokens is given");
  std::vector<std::string> seen;
  for (const IssuerOptions& issuer : options.issuers) {
    if (issuer.issuer.empty() || issuer.audience.empty() || issuer.algorithms.empty()) {
      return absl::InvalidArgumentError(
          "an issuer of tokens needs its name, an audience and algorithms");
    }
    if (Contains(seen, issuer.issuer)) {
      return absl::InvalidArgumentError(
          absl::StrCat("the issuer ", issuer.issuer, " is given twice"));
    }
    OKR_RETURN_IF_ERROR(CheckGrants(issuer));
    seen.push_back(issuer.issuer);
  }
  return absl::OkStatus();
}

}  // namespace

TokenVerifier::TokenVerifier(const Options& options)
    : clock_skew_(options.clock_skew), cache_(options.cache_capacity) {}

absl::StatusOr<std::unique_ptr<TokenVerifier>> TokenVerifier::Create(const Options& options) {
  std::vector<std::unique_ptr<KeyFetcher>> fetchers;
  for (const IssuerOptions& issuer : options.issuers) {
    if (issuer.jwks.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the issuer ", issuer.issuer, " has no JWKS file or URL"));
    }
    fetchers.push_back(MakeKeyFetcher({.location = issuer.jwks,
                                       .ca_file = issuer.jwks_ca_file,
                                       .token_file = issuer.jwks_token_file}));
  }
  return Create(options, std::move(fetchers));
}

absl::StatusOr<std::unique_ptr<TokenVerifier>> TokenVerifier::Create(
    const Options& options, std::vector<std::unique_ptr<KeyFetcher>> fetchers) {
  OKR_RETURN_IF_ERROR(CheckOptions(options));
  if (fetchers.size() != options.issuers.size()) {
    return absl::InvalidArgumentError("each issuer needs one source of keys");
  }
  std::unique_ptr<TokenVerifier> verifier(new TokenVerifier(options));
  for (size_t i = 0; i < fetchers.size(); ++i) {
    TokenVerifier* self = verifier.get();
    verifier->issuers_.push_back(
        {.options = options.issuers[i],
         .source = std::make_unique<KeySource>(
             std::move(fetchers[i]),
             KeySource::Options{.issuer = options.issuers[i].issuer,
                                .background = options.background,
                                .on_change = [self] { self->generation_.fetch_add(1); }})});
  }
  return verifier;
}

absl::StatusOr<Principal> TokenVerifier::Verify(absl::string_view token, absl::Time now) {
  if (token.empty() || token.size() > kMaxTokenSize) return ReadToken(token).status();
  // Read before the keys are: an answer from keys that change meanwhile is never found again.
  const uint64_t generation = generation_.load();
  const Digest digest = Sha256(token);
  if (auto known = cache_.Get(digest, now, generation)) return *std::move(known);
  OKR_ASSIGN_OR_RETURN(Principal principal, VerifyAfresh(token, now));
  cache_.Put(digest, principal, principal.expiry + clock_skew_, generation);
  return principal;
}

absl::StatusOr<Principal> TokenVerifier::VerifyAfresh(absl::string_view token, absl::Time now) {
  OKR_ASSIGN_OR_RETURN(const TokenText text, ReadToken(token));
  const std::optional<Algorithm> algorithm = AlgorithmFromName(text.algorithm);
  if (!algorithm.has_value()) return error::TokenAlgorithmNotAllowed();
  OKR_ASSIGN_OR_RETURN(Issuer * issuer, FindIssuer(text.claims));
  const std::vector<Algorithm>& allowed = issuer->options.algorithms;
  if (std::find(allowed.begin(), allowed.end(), *algorithm) == allowed.end()) {
    return error::TokenAlgorithmNotAllowed();
  }
  OKR_RETURN_IF_ERROR(CheckSignature(token, text, *algorithm, *issuer, now));
  return ReadPrincipal(text.claims, issuer->options, now, clock_skew_);
}

absl::StatusOr<TokenVerifier::Issuer*> TokenVerifier::FindIssuer(const JsonObject& claims) {
  const std::optional<std::string> name = claims.GetString("iss");
  if (!name.has_value()) return error::TokenClaimMissing("iss", "the issuer's name");
  for (Issuer& issuer : issuers_) {
    if (issuer.options.issuer == *name) return &issuer;
  }
  return error::TokenIssuerUnknown();
}

absl::Status TokenVerifier::CheckSignature(absl::string_view token, const TokenText& text,
                                           Algorithm algorithm, Issuer& issuer, absl::Time now) {
  std::shared_ptr<const KeySet> keys = issuer.source->keys();
  if (keys == nullptr || (!text.key_id.empty() && !keys->Has(text.key_id))) {
    const bool under_way = issuer.source->RefreshForUnknownKey(now);
    keys = issuer.source->keys();
    if (keys == nullptr || under_way) return error::JwksUnavailable();
  }
  const std::vector<Key> candidates = keys->Find(text.key_id, algorithm);
  if (candidates.empty()) {
    return error::TokenSignatureInvalid("the issuer has no key of this id for this algorithm");
  }
  for (const Key& key : candidates) {
    if (key.Verify(token)) return absl::OkStatus();
  }
  return error::TokenSignatureInvalid("it was not made with the issuer's key");
}

bool TokenVerifier::HasAllKeys() const {
  return std::all_of(issuers_.begin(), issuers_.end(),
                     [](const Issuer& issuer) { return issuer.source->keys() != nullptr; });
}

}  // namespace okr::auth
