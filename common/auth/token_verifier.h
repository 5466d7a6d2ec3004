// Tells whom a token (JWT, RFC 7519 and 8725) stands for.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/key.h"
#include "common/auth/key_source.h"
#include "common/auth/principal.h"
#include "common/auth/token_cache.h"
#include "common/auth/token_text.h"

namespace okr::auth {

// Whom a subject of an issuer stands for.
struct SubjectGrant {
  Role role = Role::kViewer;
  std::string organization;  // Its id, or kAnyOrganization for the role SERVICE.
};

struct IssuerOptions {
  std::string issuer;           // The exact "iss".
  std::string audience;         // Must be in "aud".
  std::string jwks;             // A path, or an http or https URL.
  std::string jwks_ca_file;     // Whom to believe at an https URL; empty: the system's authorities.
  std::string jwks_token_file;  // A bearer token to read the URL with; empty: none.
  // By the exact "sub". If there is one, these subjects alone are believed, and what their tokens
  // claim of organization and role counts for nothing.
  std::map<std::string, SubjectGrant> subjects;
  std::string organization_claim = "okr_organization";
  std::string role_claim = "okr_role";
  std::vector<Algorithm> algorithms = {Algorithm::kRs256, Algorithm::kEs256};
  // Whether tokens with role SERVICE are believed; false for an issuer that serves people only.
  bool may_name_services = true;
};

// Thread-safe. Keys are read and refreshed off the thread of a call, but for small local files.
class TokenVerifier {
 public:
  struct Options {
    std::vector<IssuerOptions> issuers;
    absl::Duration clock_skew = absl::Seconds(60);
    size_t cache_capacity = 20'000;  // Tokens.
    bool background = true;          // Whether keys are refreshed by threads of their own.
  };

  // INVALID_ARGUMENT if there is no issuer, one is named twice, one has an empty member,
  // or a subject is granted what its role cannot have.
  // Keys that cannot be read yet are no error: Verify answers UNAVAILABLE until they are there.
  static absl::StatusOr<std::unique_ptr<TokenVerifier>> Create(const Options& options);
  // As above, with fetchers in the order of the issuers instead of their `jwks`.
  static absl::StatusOr<std::unique_ptr<TokenVerifier>> Create(
      const Options& options, std::vector<std::unique_ptr<KeyFetcher>> fetchers);
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;

  // UNAUTHENTICATED with the reasons of auth_errors.h, or UNAVAILABLE / JWKS_UNAVAILABLE while the
  // issuer's keys were never read, or are being read again for a key that is not known yet.
  absl::StatusOr<Principal> Verify(absl::string_view token, absl::Time now);

  // Whether each issuer's keys have been read.
  bool HasAllKeys() const;

 private:
  struct Issuer {
    IssuerOptions options;
    std::unique_ptr<KeySource> source;
  };

  explicit TokenVerifier(const Options& options);
  absl::StatusOr<Principal> VerifyAfresh(absl::string_view token, absl::Time now);
  absl::StatusOr<Issuer*> FindIssuer(const JsonObject& claims);
  absl::Status CheckSignature(absl::string_view token, const TokenText& text, Algorithm algorithm,
                              Issuer& issuer, absl::Time now);

  const absl::Duration clock_skew_;
  std::atomic<uint64_t> generation_{0};  // Of all keys; others make cached tokens void.
  TokenCache cache_;
  std::vector<Issuer> issuers_;  // Last: their threads use the members above.
};

}  // namespace okr::auth
