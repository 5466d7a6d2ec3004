// An issuer of tokens for development and tests: keys in a folder, no identity provider.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/key.h"
#include "common/auth/principal.h"

namespace okr::auth {

// What a minted token says.
struct TokenClaims {
  std::string issuer;
  std::string audience;
  std::string subject;
  std::string organization;  // Its id; "*" for a service.
  Role role = Role::kMember;
};

class DevelopmentIssuer {
 public:
  // Makes `directory` if need be, and in it "private.jwk" (mode 0600) and "jwks.json", the public
  // half for services. ALREADY_EXISTS if there is a private key: it is never overwritten.
  static absl::Status GenerateKey(const std::string& directory,
                                  Algorithm algorithm = Algorithm::kEs256);
  // NOT_FOUND without a key in `directory`.
  static absl::StatusOr<DevelopmentIssuer> Load(const std::string& directory);

  // A signed token, valid from `now` on for `ttl`.
  absl::StatusOr<std::string> Mint(const TokenClaims& claims, absl::Duration ttl,
                                   absl::Time now) const;
  // A signed token of any claims, a JSON object.
  absl::StatusOr<std::string> MintJson(absl::string_view claims) const;

 private:
  DevelopmentIssuer(Key key, Algorithm algorithm) : key_(std::move(key)), algorithm_(algorithm) {}

  Key key_;
  Algorithm algorithm_;
};

}  // namespace okr::auth
