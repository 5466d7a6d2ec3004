#include "common/auth/token_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/auth/auth_test_support.h"
#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;

class TokenVerifierTest : public ::testing::Test {
 protected:
  // The claims of a good token, with `changes` (as ",\"key\":value") instead of those in them.
  static std::string Claims(absl::string_view without, absl::string_view instead = "") {
    const std::pair<const char*, const char*> all[] = {{"iss", "\"https://issuer.example\""},
                                                       {"aud", "\"okr\""},
                                                       {"sub", "\"ann\""},
                                                       {"okr_organization", "\"acme\""},
                                                       {"okr_role", "\"MEMBER\""},
                                                       {"iat", "1767225600"},
                                                       {"exp", "1767229200"}};
    std::string json;
    for (const auto& [claim, value] : all) {
      const absl::string_view used = claim == without ? instead : absl::string_view(value);
      if (used.empty()) continue;
      absl::StrAppend(&json, json.empty() ? "{" : ",", "\"", claim, "\":", used);
    }
    if (without == "nbf") absl::StrAppend(&json, ",\"nbf\":", instead);
    return json + "}";
  }

  absl::StatusOr<Principal> VerifyClaims(absl::string_view without,
                                         absl::string_view instead = "") {
    return verifier_->Verify(issuer_.issuer.MintJson(Claims(without, instead)).value(), kNow);
  }

  TestIssuer issuer_;
  std::unique_ptr<TokenVerifier> verifier_ = VerifierFor(issuer_);
};

TEST_F(TokenVerifierTest, TellsThePrincipal) {
  ASSERT_OK_AND_ASSIGN(
      const Principal principal,
      verifier_->Verify(issuer_.Mint({.subject = "ann@acme", .role = Role::kAdmin}), kNow));
  EXPECT_EQ(principal.subject, "ann@acme");
  EXPECT_EQ(principal.organization, "acme");
  EXPECT_EQ(principal.role, Role::kAdmin);
  EXPECT_EQ(principal.issuer, kIssuer);
  EXPECT_EQ(principal.expiry, kNow + absl::Hours(1));
  EXPECT_EQ(principal.person_id, "");
}

TEST_F(TokenVerifierTest, TakesRs256) {
  const TestIssuer rsa(Algorithm::kRs256);
  EXPECT_OK(VerifierFor(rsa)->Verify(rsa.Mint(), kNow));
}

TEST_F(TokenVerifierTest, TakesOnlyAllowedAlgorithms) {
  TokenVerifier::Options options = VerifierOptions(issuer_.jwks_path());
  options.issuers[0].algorithms = {Algorithm::kRs256};
  ASSERT_OK_AND_ASSIGN(const auto verifier, TokenVerifier::Create(options));
  EXPECT_THAT(verifier->Verify(issuer_.Mint(), kNow), HasReason("TOKEN_ALGORITHM_NOT_ALLOWED"));
}

TEST_F(TokenVerifierTest, MissesAnEmptyToken) {
  EXPECT_THAT(verifier_->Verify("", kNow), HasReason("TOKEN_MISSING"));
}

TEST_F(TokenVerifierTest, AllowsForClockSkew) {
  const std::string token = issuer_.Mint({}, absl::Minutes(10));
  EXPECT_OK(verifier_->Verify(token, kNow + absl::Minutes(10) + absl::Seconds(59)));
  EXPECT_OK(VerifierFor(issuer_)->Verify(token, kNow - absl::Seconds(60)));
}

TEST_F(TokenVerifierTest, RefusesExpiredTokens) {
  const std::string token = issuer_.Mint({}, absl::Minutes(10));
  EXPECT_THAT(verifier_->Verify(token, kNow + absl::Minutes(11)), HasReason("TOKEN_EXPIRED"));
}

TEST_F(TokenVerifierTest, RefusesATokenThatExpiresAfterItWasCached) {
  const std::string token = issuer_.Mint({}, absl::Minutes(10));
  ASSERT_OK(verifier_->Verify(token, kNow));
  EXPECT_THAT(verifier_->Verify(token, kNow + absl::Minutes(11)), HasReason("TOKEN_EXPIRED"));
}

TEST_F(TokenVerifierTest, RefusesTokensOfTheFuture) {
  EXPECT_THAT(verifier_->Verify(issuer_.Mint(), kNow - absl::Seconds(61)),
              HasReason("TOKEN_NOT_YET_VALID"));
  EXPECT_THAT(VerifyClaims("nbf", "1767225661"), HasReason("TOKEN_NOT_YET_VALID"));
  EXPECT_THAT(VerifyClaims("iat", "1767225661"), HasReason("TOKEN_NOT_YET_VALID"));
}

TEST_F(TokenVerifierTest, NeedsNoNotBefore) { EXPECT_OK(VerifyClaims("")); }

TEST_F(TokenVerifierTest, NeedsEveryOtherClaim) {
  for (const char* claim : {"iss", "aud", "sub", "iat", "exp", "okr_organization", "okr_role"}) {
    const auto principal = VerifyClaims(claim);
    EXPECT_THAT(principal, HasReason("TOKEN_CLAIM_MISSING")) << claim;
    EXPECT_EQ(DetailsOf(principal.status()).metadata["claim"], claim);
  }
}

TEST_F(TokenVerifierTest, RefusesClaimsOfWrongTypeOrValue) {
  const std::pair<const char*, const char*> cases[] = {{"exp", "\"1767229200\""},
                                                       {"exp", "-1"},
                                                       {"exp", "1e300"},
                                                       {"iat", "true"},
                                                       {"nbf", "\"soon\""},
                                                       {"sub", "7"},
                                                       {"sub", "\"\""},
                                                       {"aud", "[1]"},
                                                       {"okr_role", "\"ROOT\""},
                                                       {"okr_role", "\"admin\""},
                                                       {"iss", "[]"},
                                                       {"okr_organization", "\"Acme Inc\""},
                                                       {"okr_organization", "\"*\""}};
  for (const auto& [claim, value] : cases) {
    EXPECT_THAT(VerifyClaims(claim, value), HasReason("TOKEN_CLAIM_MISSING"))
        << claim << " = " << value;
  }
}

TEST_F(TokenVerifierTest, FindsItsAudienceAmongSeveral) {
  EXPECT_OK(VerifyClaims("aud", "[\"other\",\"okr\"]"));
  EXPECT_THAT(VerifyClaims("aud", "[\"other\"]"), HasReason("TOKEN_AUDIENCE_WRONG"));
  EXPECT_THAT(VerifyClaims("aud", "[]"), HasReason("TOKEN_AUDIENCE_WRONG"));
}

TEST_F(TokenVerifierTest, GivesEveryOrganizationOnlyToServices) {
  ASSERT_OK_AND_ASSIGN(
      const Principal service,
      verifier_->Verify(issuer_.Mint({.organization = "*", .role = Role::kService}), kNow));
  EXPECT_TRUE(service.is_everywhere());
  for (const Role role : {Role::kViewer, Role::kMember, Role::kAdmin}) {
    EXPECT_THAT(verifier_->Verify(issuer_.Mint({.organization = "*", .role = role}), kNow),
                HasReason("TOKEN_CLAIM_MISSING"));
  }
}

TEST_F(TokenVerifierTest, BelievesServicesOnlyFromIssuersThatMayNameThem) {
  TokenVerifier::Options options = VerifierOptions(issuer_.jwks_path());
  options.issuers[0].may_name_services = false;
  ASSERT_OK_AND_ASSIGN(const auto verifier, TokenVerifier::Create(options));
  EXPECT_THAT(verifier->Verify(issuer_.Mint({.role = Role::kService}), kNow),
              HasReason("TOKEN_CLAIM_MISSING"));
}

TEST_F(TokenVerifierTest, FollowsAKeyFileThatChanges) {
  const TestIssuer next;
  const std::string token = next.Mint();
  EXPECT_THAT(verifier_->Verify(token, kNow), HasReason("TOKEN_SIGNATURE_INVALID"));
  std::ofstream(issuer_.jwks_path()) << next.Jwks();
  EXPECT_OK(verifier_->Verify(token, kNow + absl::Seconds(1)));
}

TEST_F(TokenVerifierTest, ForgetsTokensOfKeysThatWentAway) {
  const std::string token = issuer_.Mint();
  ASSERT_OK(verifier_->Verify(token, kNow));
  const TestIssuer next;
  std::ofstream(issuer_.jwks_path()) << next.Jwks();
  ASSERT_OK(verifier_->Verify(next.Mint(), kNow));
  EXPECT_THAT(verifier_->Verify(token, kNow), HasReason("TOKEN_SIGNATURE_INVALID"));
}

TEST_F(TokenVerifierTest, IsUnavailableWhileThereWereNeverKeys) {
  ASSERT_OK_AND_ASSIGN(const auto verifier,
                       TokenVerifier::Create(VerifierOptions("/no/such/jwks.json")));
  const auto principal = verifier->Verify(issuer_.Mint(), kNow);
  EXPECT_THAT(principal, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(principal, HasReason("JWKS_UNAVAILABLE"));
  EXPECT_EQ(DetailsOf(principal.status()).retry_delay, absl::Seconds(1));
  EXPECT_FALSE(verifier->HasAllKeys());
}

TEST_F(TokenVerifierTest, AsksForARetryWhileARemoteSourceIsRead) {
  auto served = std::make_shared<Served>(Served{.jwks = issuer_.Jwks()});
  std::vector<std::unique_ptr<KeyFetcher>> fetchers;
  fetchers.push_back(std::make_unique<FakeFetcher>(served, /*local=*/false));
  ASSERT_OK_AND_ASSIGN(const auto verifier,
                       TokenVerifier::Create(VerifierOptions("unused"), std::move(fetchers)));
  EXPECT_THAT(verifier->Verify(issuer_.Mint(), kNow), HasReason("JWKS_UNAVAILABLE"));
  EXPECT_EQ(served->fetches, 0);
}

TEST_F(TokenVerifierTest, ReadsKeysInTheBackground) {
  TokenVerifier::Options options = VerifierOptions(issuer_.jwks_path());
  options.background = true;
  auto served = std::make_shared<Served>(Served{.jwks = issuer_.Jwks()});
  std::vector<std::unique_ptr<KeyFetcher>> fetchers;
  fetchers.push_back(std::make_unique<FakeFetcher>(served, /*local=*/false));
  ASSERT_OK_AND_ASSIGN(const auto verifier, TokenVerifier::Create(options, std::move(fetchers)));
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  while (!verifier->HasAllKeys() && absl::Now() < deadline) std::this_thread::yield();
  EXPECT_OK(verifier->Verify(issuer_.Mint(), kNow));
}

TEST_F(TokenVerifierTest, GivesManyThreadsTheSameAnswer) {
  const std::string token = issuer_.Mint();
  const std::string bad = issuer_.Mint({.audience = "other"});
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n) {
        wrong += verifier_->Verify(token, kNow).ok() ? 0 : 1;
        wrong += verifier_->Verify(bad, kNow).ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(TokenVerifierOptions, AreChecked) {
  EXPECT_FALSE(TokenVerifier::Create({}).ok());
  EXPECT_FALSE(TokenVerifier::Create({.issuers = {{.issuer = "a", .audience = "b"}}}).ok());
  EXPECT_FALSE(TokenVerifier::Create({.issuers = {{.issuer = "a", .jwks = "/x"}}}).ok());
  EXPECT_FALSE(TokenVerifier::Create({.issuers = {{.issuer = "a", .audience = "b", .jwks = "/x"},
                                                  {.issuer = "a", .audience = "b", .jwks = "/x"}}})
                   .ok());
}

TEST(BearerToken, IsReadFromTheMetadata) {
  EXPECT_EQ(BearerToken("Bearer abc").value(), "abc");
  EXPECT_EQ(BearerToken("bearer abc").value(), "abc");
  EXPECT_THAT(BearerToken(""), HasReason("TOKEN_MISSING"));
  EXPECT_THAT(BearerToken("Bearer "), HasReason("TOKEN_MISSING"));
  EXPECT_THAT(BearerToken("Basic abc"), HasReason("TOKEN_MALFORMED"));
}

}  // namespace
}  // namespace okr::auth
