// The refusals of identity, each with its stable reason. None repeats any part of a token.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace okr::auth::error {

// All UNAUTHENTICATED, with the reason of their name.
absl::Status TokenMissing();
absl::Status TokenMalformed(absl::string_view what);
absl::Status TokenExpired();
absl::Status TokenNotYetValid();
absl::Status TokenSignatureInvalid(absl::string_view what);
absl::Status TokenIssuerUnknown();
absl::Status TokenAudienceWrong();
absl::Status TokenSubjectUnknown();
// Missing, or not what it must be; `claim` is in the metadata.
absl::Status TokenClaimMissing(absl::string_view claim, absl::string_view expected);
absl::Status TokenAlgorithmNotAllowed();

// UNAVAILABLE with advice to try again in a second.
absl::Status JwksUnavailable();

}  // namespace okr::auth::error
