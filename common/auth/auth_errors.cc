#include "common/auth/auth_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/status/error.h"

namespace okr::auth::error {
namespace {

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kUnauthenticated, message, {.reason = std::string(reason)});
}

}  // namespace

absl::Status TokenMissing() {
  return Refused("TOKEN_MISSING", "no token: send the metadata \"authorization: Bearer <token>\"");
}

absl::Status TokenMalformed(absl::string_view what) {
  return Refused("TOKEN_MALFORMED", absl::StrCat("the token is malformed: ", what));
}

absl::Status TokenExpired() {
  return Refused("TOKEN_EXPIRED", "the token has expired: get a new one");
}

absl::Status TokenNotYetValid() {
  return Refused("TOKEN_NOT_YET_VALID",
                 "the token is not valid yet: its nbf or iat lies in the future, check the clocks");
}

absl::Status TokenSignatureInvalid(absl::string_view what) {
  return Refused("TOKEN_SIGNATURE_INVALID",
                 absl::StrCat("the token's signature is not valid: ", what));
}

absl::Status TokenIssuerUnknown() {
  return Refused("TOKEN_ISSUER_UNKNOWN", "the token's issuer is none of those configured here");
}

absl::Status TokenAudienceWrong() {
  return Refused("TOKEN_AUDIENCE_WRONG", "the token was made for another audience");
}

absl::Status TokenSubjectUnknown() {
  return MakeError(absl::StatusCode::kUnauthenticated,
                   "the token's subject is none of those that its issuer may name here",
                   {.reason = "TOKEN_CLAIM_MISSING", .metadata = {{"claim", "sub"}}});
}

absl::Status TokenClaimMissing(absl::string_view claim, absl::string_view expected) {
  return MakeError(
      absl::StatusCode::kUnauthenticated,
      absl::StrCat("the token's claim \"", claim, "\" is missing or wrong: expected ", expected),
      {.reason = "TOKEN_CLAIM_MISSING", .metadata = {{"claim", std::string(claim)}}});
}

absl::Status TokenAlgorithmNotAllowed() {
  return Refused("TOKEN_ALGORITHM_NOT_ALLOWED",
                 "the token's algorithm is not allowed for its issuer");
}

absl::Status JwksUnavailable() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "the keys of the token's issuer cannot be read at the moment",
                   {.reason = "JWKS_UNAVAILABLE", .retry_delay = absl::Seconds(1)});
}

}  // namespace okr::auth::error
