// The first line says what the rest is: "claims" that the issuer signs, a signed token with a
// "change" of one character, a "header", a signature (line) and claims, or a "raw" token. Keys are
// made at start: what is promised holds for all of them.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/token_verifier.h"
#include "common/names/resource_name.h"
#include "common/status/error.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

using auth::Algorithm;
using auth::Key;
using auth::Principal;
using auth::Role;
using auth::TokenVerifier;

constexpr absl::string_view kGoodClaims =
    R"({"iss":"https://issuer.example","aud":"okr","sub":"ann","exp":1767229200,"iat":1767225600,)"
    R"("okr_organization":"acme","okr_role":"MEMBER"})";
constexpr size_t kShownSecret = 24;  // Characters of a token that no refusal may repeat.

absl::Time Now() { return absl::FromUnixSeconds(1'767'225'600); }

class FixedKeys final : public auth::KeyFetcher {
 public:
  explicit FixedKeys(std::string jwks) : jwks_(std::move(jwks)) {}
  absl::StatusOr<std::string> Fetch() override { return jwks_; }
  bool IsLocal() const override { return true; }

 private:
  const std::string jwks_;
};

const Key& SigningKey() {
  static const Key& key = *new Key(Key::Generate(Algorithm::kEs256, "fuzz").value());
  return key;
}

std::unique_ptr<TokenVerifier> MakeVerifier() {
  std::vector<std::unique_ptr<auth::KeyFetcher>> fetchers;
  fetchers.push_back(
      std::make_unique<FixedKeys>(absl::StrCat("{\"keys\":[", SigningKey().PublicJwk(), "]}")));
  return TokenVerifier::Create({.issuers = {{.issuer = "https://issuer.example",
                                             .audience = "okr",
                                             .jwks = "",
                                             .may_name_services = true}},
                                .cache_capacity = 2,
                                .background = false},
                               std::move(fetchers))
      .value();
}

TokenVerifier& Verifier() {
  static TokenVerifier& verifier = *MakeVerifier().release();
  return verifier;
}

std::string Sign(absl::string_view claims) {
  return SigningKey().Sign(Algorithm::kEs256, claims).value_or("");
}

void CheckRefusal(const absl::Status& status, absl::string_view token) {
  OKR_FUZZ_CHECK(absl::IsUnauthenticated(status), status.ToString());
  OKR_FUZZ_CHECK(absl::StartsWith(ReasonOf(status), "TOKEN_"), status.ToString());
}

// No refusal repeats a part of a token that could be believed.
void CheckKeepsSecret(const absl::Status& status, absl::string_view token) {
  for (size_t i = 0; i + kShownSecret <= token.size(); i += kShownSecret) {
    OKR_FUZZ_CHECK(!absl::StrContains(status.ToString(), token.substr(i, kShownSecret)),
                   status.ToString());
  }
}

void CheckPrincipal(const Principal& principal) {
  const bool everywhere = principal.organization == auth::kAnyOrganization;
  OKR_FUZZ_CHECK(!principal.subject.empty() && principal.subject.size() <= 255, principal.subject);
  OKR_FUZZ_CHECK(
      everywhere ? principal.role == Role::kService : IsResourceId(principal.organization),
      principal.organization);
  OKR_FUZZ_CHECK(principal.expiry + absl::Seconds(60) > Now(), "");
  OKR_FUZZ_CHECK(principal.issuer == "https://issuer.example", principal.issuer);
  OKR_FUZZ_CHECK(principal.person_id.empty(), principal.person_id);
}

// Verified twice, as the second answer may come from the cache.
absl::StatusOr<Principal> Verify(absl::string_view token) {
  const auto principal = Verifier().Verify(token, Now());
  const auto again = Verifier().Verify(token, Now());
  OKR_FUZZ_CHECK(principal.status() == again.status(), again.status().ToString());
  if (principal.ok()) {
    OKR_FUZZ_CHECK(*principal == *again, token);
    CheckPrincipal(*principal);
  } else {
    CheckRefusal(principal.status(), token);
  }
  return principal;
}

void CheckClaims(absl::string_view claims) {
  const std::string token = Sign(claims);
  const auto principal = Verify(token);
  const auto object = auth::JsonObject::Parse(claims);
  if (!principal.ok()) return CheckKeepsSecret(principal.status(), token);
  OKR_FUZZ_CHECK(object.has_value(), claims);
  OKR_FUZZ_CHECK(object->GetString("sub") == principal->subject, claims);
  OKR_FUZZ_CHECK(object->GetString("okr_organization") == principal->organization, claims);
  OKR_FUZZ_CHECK(object->GetString("okr_role") == auth::RoleName(principal->role), claims);
  const auto text = auth::ReadToken(token);
  OKR_FUZZ_CHECK(text.ok() && text->algorithm == "ES256" && text->key_id == "fuzz", token);
}

void CheckChanged(Input& input) {
  static const std::string& genuine = *new std::string(Sign(kGoodClaims));
  std::string token = genuine;
  const size_t place = input.Number(token.size());
  token[place] = static_cast<char>(token[place] ^ static_cast<char>(input.Number(256)));
  if (!Verify(token).ok()) return;
  // Only the last character of the signature has bits that say nothing.
  OKR_FUZZ_CHECK(token.substr(0, token.size() - 1) == genuine.substr(0, genuine.size() - 1), token);
}

void CheckHeader(Input& input) {
  const std::string header = absl::WebSafeBase64Escape(input.Line());
  const absl::string_view given = input.Line();
  const std::string claims = absl::WebSafeBase64Escape(input.Rest());
  const std::string genuine = Sign(kGoodClaims);
  const std::string signature = genuine.substr(genuine.rfind('.') + 1);
  for (const absl::string_view end : {absl::string_view(signature), given}) {
    const std::string token = absl::StrCat(header, ".", claims, ".", end);
    OKR_FUZZ_CHECK(!Verify(token).ok() || token == genuine, token);
  }
}

}  // namespace

void Token(absl::string_view input) {
  Input parts(input);
  const absl::string_view mode = parts.Line();
  if (mode == "claims") return CheckClaims(parts.Rest());
  if (mode == "change") return CheckChanged(parts);
  if (mode == "header") return CheckHeader(parts);
  OKR_FUZZ_CHECK(!Verify(mode == "raw" ? parts.Rest() : input).ok(), input);
}

}  // namespace okr::fuzz
