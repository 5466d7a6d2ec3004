#include "common/auth/token_text.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/auth/auth_errors.h"
#include "common/status/macros.h"

namespace okr::auth {
namespace {

constexpr absl::string_view kScheme = "Bearer ";

bool IsBase64Url(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '_') return false;
  }
  return true;
}

absl::StatusOr<JsonObject> ReadPart(absl::string_view part, absl::string_view what) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(part, &text)) return error::TokenMalformed(what);
  std::optional<JsonObject> object = JsonObject::Parse(text);
  if (!object.has_value()) return error::TokenMalformed(what);
  return *std::move(object);
}

// Other kinds of JWT (RFC 8725, section 3.11) must not pass for an access or identity token.
bool IsAcceptedType(const JsonObject& header) {
  if (!header.Has("typ")) return true;
  const std::string type = absl::AsciiStrToLower(header.GetString("typ").value_or(""));
  return type == "jwt" || type == "at+jwt" || type == "application/at+jwt";
}

}  // namespace

absl::StatusOr<TokenText> ReadToken(absl::string_view token) {
  if (token.empty()) return error::TokenMissing();
  if (token.size() > kMaxTokenSize) return error::TokenMalformed("larger than 8 KiB");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return error::TokenMalformed("expected three parts");
  for (const absl::string_view part : parts) {
    if (!IsBase64Url(part)) return error::TokenMalformed("expected base64url");
  }
  OKR_ASSIGN_OR_RETURN(const JsonObject header, ReadPart(parts[0], "its header is no JSON object"));
  if (header.Has("crit")) return error::TokenMalformed("its critical headers are not understood");
  if (!IsAcceptedType(header)) return error::TokenMalformed("its typ is not JWT");
  if (header.Has("kid") && !header.GetString("kid").has_value()) {
    return error::TokenMalformed("its kid is no text");
  }
  OKR_ASSIGN_OR_RETURN(JsonObject claims, ReadPart(parts[1], "its claims are no JSON object"));
  return TokenText{.algorithm = header.GetString("alg").value_or(""),
                   .key_id = header.GetString("kid").value_or(""),
                   .claims = std::move(claims)};
}

absl::StatusOr<absl::string_view> BearerToken(absl::string_view header) {
  if (header.empty()) return error::TokenMissing();
  if (!absl::StartsWithIgnoreCase(header, kScheme)) {
    return error::TokenMalformed("the scheme of the authorization must be Bearer");
  }
  const absl::string_view token = absl::StripAsciiWhitespace(header.substr(kScheme.size()));
  if (token.empty()) return error::TokenMissing();
  return token;
}

}  // namespace okr::auth
