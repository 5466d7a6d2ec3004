// A token as text: header and claims, read but not yet believed.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/json.h"

namespace okr::auth {

inline constexpr size_t kMaxTokenSize = 8192;

struct TokenText {
  std::string algorithm;
  std::string key_id;  // Empty if the header names none.
  JsonObject claims;
};

// Reads a JWS in compact form. TOKEN_MISSING if empty; TOKEN_MALFORMED if larger than
// kMaxTokenSize, not three parts of base64url, not JSON objects, of another type than a JWT, or
// with critical headers. Does not look at the signature.
absl::StatusOr<TokenText> ReadToken(absl::string_view token);

// The token in the value of the metadata "authorization". TOKEN_MISSING if empty, TOKEN_MALFORMED
// if it is of another scheme than Bearer. The result points into `header`.
absl::StatusOr<absl::string_view> BearerToken(absl::string_view header);

}  // namespace okr::auth
