// Tokens as an attacker would send them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/auth/auth_test_support.h"
#include "common/ids/digest.h"
#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

class TokenAttacks : public ::testing::Test {
 protected:
  void ExpectRefused(const std::string& token, const char* reason) {
    const auto principal = verifier_->Verify(token, kNow);
    EXPECT_THAT(principal, HasCode(absl::StatusCode::kUnauthenticated)) << token.substr(0, 200);
    EXPECT_THAT(principal, HasReason(reason)) << token.substr(0, 200);
    if (token.size() > 8) {
      EXPECT_THAT(std::string(principal.status().message()), Not(HasSubstr(token.substr(0, 8))));
    }
  }
  std::string WithHeader(absl::string_view header) const {
    return absl::StrCat(Base64Url(header), ".", parts_[1], ".", parts_[2]);
  }
  std::string KeyId() const {
    std::string header;
    absl::WebSafeBase64Unescape(parts_[0], &header);
    return *JsonObject::Parse(header)->GetString("kid");
  }

  const TestIssuer issuer_;
  const std::unique_ptr<TokenVerifier> verifier_ = VerifierFor(issuer_);
  const std::string token_ = issuer_.Mint();
  const std::vector<std::string> parts_ = Parts(token_);
};

TEST_F(TokenAttacks, TheUntouchedTokenPasses) { EXPECT_OK(verifier_->Verify(token_, kNow)); }

TEST_F(TokenAttacks, AlgorithmNone) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header = absl::StrCat(R"({"alg":")", alg, R"("})");
    ExpectRefused(absl::StrCat(Base64Url(header), ".", parts_[1], "."),
                  "TOKEN_ALGORITHM_NOT_ALLOWED");
    ExpectRefused(WithHeader(header), "TOKEN_ALGORITHM_NOT_ALLOWED");
  }
  ExpectRefused(WithHeader("{}"), "TOKEN_ALGORITHM_NOT_ALLOWED");
  ExpectRefused(WithHeader(R"({"alg":null})"), "TOKEN_ALGORITHM_NOT_ALLOWED");
}

TEST_F(TokenAttacks, SignatureLeftOut) {
  ExpectRefused(absl::StrCat(parts_[0], ".", parts_[1], "."), "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenAttacks, HmacWithThePublicKeyAsSecret) {
  const TestIssuer rsa(Algorithm::kRs256);
  const auto verifier = VerifierFor(rsa);
  const std::vector<std::string> parts = Parts(rsa.Mint());
  for (const char* alg : {"HS256", "HS384", "HS512"}) {
    const std::string content =
        absl::StrCat(Base64Url(absl::StrCat(R"({"alg":")", alg, R"("})")), ".", parts[1]);
    const std::string mac = HmacSha256(rsa.Jwks(), content).ToBytes();
    EXPECT_THAT(verifier->Verify(absl::StrCat(content, ".", Base64Url(mac)), kNow),
                HasReason("TOKEN_ALGORITHM_NOT_ALLOWED"));
  }
}

TEST_F(TokenAttacks, KeyIdInjection) {
  for (const char* kid :
       {"../../../../dev/null", "' OR 1=1 --", "/etc/passwd", "http://evil/", "\\u0007"}) {
    ExpectRefused(WithHeader(absl::StrCat(R"({"alg":"ES256","kid":")", kid, R"("})")),
                  "TOKEN_SIGNATURE_INVALID");
  }
  ExpectRefused(WithHeader(R"({"alg":"ES256","kid":7})"), "TOKEN_MALFORMED");
}

TEST_F(TokenAttacks, KeyBroughtAlong) {
  const TestIssuer attacker;
  const std::optional<JsonObject> jwks = JsonObject::Parse(attacker.Jwks());
  const std::string jwk = jwks->GetObjects("keys")->at(0).ToText();
  const std::vector<std::string> forged = Parts(attacker.Mint());
  const std::string header = absl::StrCat(R"({"alg":"ES256","kid":")", KeyId(), R"(","jwk":)", jwk,
                                          R"(,"jku":"https://evil.example/jwks.json"})");
  ExpectRefused(absl::StrCat(Base64Url(header), ".", forged[1], ".", forged[2]),
                "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenAttacks, SignedWithAnotherKey) {
  const TestIssuer attacker;
  ExpectRefused(attacker.Mint(), "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenAttacks, AlgorithmOfAnotherKeyType) {
  const TestIssuer rsa(Algorithm::kRs256);
  const auto verifier = VerifierFor(rsa);
  std::vector<std::string> parts = Parts(rsa.Mint());
  std::string header;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[0], &header));
  header.replace(header.find("RS256"), 5, "ES256");
  EXPECT_THAT(verifier->Verify(absl::StrCat(Base64Url(header), ".", parts[1], ".", parts[2]), kNow),
              HasReason("TOKEN_SIGNATURE_INVALID"));
}

TEST_F(TokenAttacks, TamperedClaims) {
  std::string claims;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts_[1], &claims));
  claims.replace(claims.find("MEMBER"), 6, "ADMIN");
  ExpectRefused(absl::StrCat(parts_[0], ".", Base64Url(claims), ".", parts_[2]),
                "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenAttacks, TamperedSignature) {
  std::string signature = parts_[2];
  signature[0] = signature[0] == 'A' ? 'B' : 'A';
  ExpectRefused(absl::StrCat(parts_[0], ".", parts_[1], ".", signature), "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenAttacks, SignatureOfZeros) {
  ExpectRefused(absl::StrCat(parts_[0], ".", parts_[1], ".", Base64Url(std::string(64, '\0'))),
                "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenAttacks, CaughtInTheCacheByNoOtherToken) {
  ASSERT_OK(verifier_->Verify(token_, kNow));
  ExpectRefused(token_.substr(0, token_.size() - 4), "TOKEN_SIGNATURE_INVALID");
}

TEST_F(TokenAttacks, TruncatedAnywhere) {
  for (size_t size = 1; size + 4 < token_.size(); size += 7) {
    const auto principal = verifier_->Verify(token_.substr(0, size), kNow);
    EXPECT_THAT(principal, HasCode(absl::StatusCode::kUnauthenticated)) << size;
  }
}

TEST_F(TokenAttacks, ForeignIssuerAndAudience) {
  ExpectRefused(issuer_.Mint({.issuer = "https://evil.example"}), "TOKEN_ISSUER_UNKNOWN");
  ExpectRefused(issuer_.Mint({.issuer = "https://issuer.example/"}), "TOKEN_ISSUER_UNKNOWN");
  ExpectRefused(issuer_.Mint({.audience = "other"}), "TOKEN_AUDIENCE_WRONG");
}

TEST_F(TokenAttacks, KeyOfOneIssuerForAnother) {
  const TestIssuer second;
  TokenVerifier::Options options = VerifierOptions(issuer_.jwks_path());
  options.issuers.push_back(
      {.issuer = "https://second.example", .audience = kAudience, .jwks = second.jwks_path()});
  ASSERT_OK_AND_ASSIGN(const auto verifier, TokenVerifier::Create(options));
  EXPECT_OK(verifier->Verify(second.Mint({.issuer = "https://second.example"}), kNow));
  EXPECT_THAT(verifier->Verify(second.Mint(), kNow), HasReason("TOKEN_SIGNATURE_INVALID"));
}

TEST_F(TokenAttacks, CriticalHeadersAndOtherTypes) {
  ExpectRefused(WithHeader(R"({"alg":"ES256","crit":["b64"],"b64":false})"), "TOKEN_MALFORMED");
  ExpectRefused(WithHeader(R"({"alg":"ES256","typ":"logout+jwt"})"), "TOKEN_MALFORMED");
}

TEST_F(TokenAttacks, Malformed) {
  const std::string tokens[] = {"x",
                                "a.b",
                                "..",
                                "...",
                                "a.b.c.d",
                                absl::StrCat(parts_[0], ".", parts_[1]),
                                absl::StrCat(" ", token_),
                                absl::StrCat(token_, "\n"),
                                absl::StrCat(token_, "="),
                                absl::StrCat("\xff\xfe.", parts_[1], ".", parts_[2]),
                                WithHeader("[]"),
                                WithHeader("not json"),
                                WithHeader(R"({"alg":"none","alg":"ES256"})"),
                                WithHeader("{\"alg\":\"ES256\",\"kid\":\"\xff\"}"),
                                absl::StrCat(parts_[0], ".", Base64Url("[1]"), ".", parts_[2]),
                                absl::StrCat(parts_[0], ".", Base64Url(""), ".", parts_[2])};
  for (const std::string& token : tokens) ExpectRefused(token, "TOKEN_MALFORMED");
}

TEST_F(TokenAttacks, Huge) {
  ExpectRefused(std::string(8193, 'a'), "TOKEN_MALFORMED");
  ExpectRefused(issuer_.Mint({.subject = std::string(10'000, 'x')}), "TOKEN_MALFORMED");
  ExpectRefused(WithHeader(std::string(4000, '[')), "TOKEN_MALFORMED");
}

TEST_F(TokenAttacks, WeakAndSymmetricKeysInTheKeySet) {
  EXPECT_FALSE(KeySet::Parse(R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})").ok());
  EXPECT_FALSE(KeySet::Parse(R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})").ok());
  EXPECT_FALSE(KeySet::Parse(R"({"keys":[]})").ok());
  EXPECT_FALSE(KeySet::Parse("[]").ok());
}

// cjose's decoder would end the process.
TEST(KeySet, LeavesOutKeysWithAStrayCharacterInANumber) {
  const TestIssuer issuer;
  const std::string good = issuer.Jwks();
  const size_t place = good.find("\"x\":\"") + 10;
  for (const char* stray : {"=", "+", " ", "\\u00e9"}) {
    std::string jwks = good;
    jwks.replace(place, 1, stray);
    EXPECT_FALSE(KeySet::Parse(jwks).ok()) << jwks;
  }
  EXPECT_TRUE(KeySet::Parse(good).ok());
}

}  // namespace
}  // namespace okr::auth
