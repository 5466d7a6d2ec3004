// Issuers that are believed for certain subjects only, as a Kubernetes cluster is for its service
// accounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/auth/auth_test_support.h"
#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;

constexpr char kGoals[] = "system:serviceaccount:okr:goals";
constexpr char kCluster[] = "https://kubernetes.default.svc.cluster.local";

class TokenSubjects : public ::testing::Test {
 protected:
  TokenSubjects() {
    options_ = VerifierOptions(people_.jwks_path());
    options_.issuers.push_back(
        {.issuer = kCluster,
         .audience = kAudience,
         .jwks = cluster_.jwks_path(),
         .subjects = {{kGoals, {.role = Role::kService, .organization = kAnyOrganization}},
                      {"robot", {.role = Role::kViewer, .organization = "acme"}}}});
    verifier_ = TokenVerifier::Create(options_).value();
  }

  // As the API server makes it: without claims of ours, unless `more` has them.
  std::string Mint(const std::string& subject, const std::string& more = "",
                   const std::string& issuer = kCluster) const {
    const int64_t now = absl::ToUnixSeconds(kNow);
    return cluster_.issuer
        .MintJson(absl::StrCat(R"({"aud":["okr"],"iss":")", issuer, R"(","sub":")", subject,
                               R"(","iat":)", now, R"(,"nbf":)", now, R"(,"exp":)", now + 3600,
                               R"(,"kubernetes.io":{"namespace":"okr"})", more, "}"))
        .value();
  }
  void ExpectRefused(const std::string& token) {
    const auto principal = verifier_->Verify(token, kNow);
    EXPECT_THAT(principal, HasCode(absl::StatusCode::kUnauthenticated));
    EXPECT_THAT(principal, HasReason("TOKEN_CLAIM_MISSING"));
  }

  const TestIssuer people_;
  const TestIssuer cluster_;
  TokenVerifier::Options options_;
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(TokenSubjects, AreWhatTheMapSays) {
  ASSERT_OK_AND_ASSIGN(const Principal service, verifier_->Verify(Mint(kGoals), kNow));
  EXPECT_EQ(service.role, Role::kService);
  EXPECT_EQ(service.organization, kAnyOrganization);
  EXPECT_EQ(service.subject, kGoals);
  EXPECT_EQ(service.issuer, kCluster);
  ASSERT_OK_AND_ASSIGN(const Principal robot, verifier_->Verify(Mint("robot"), kNow));
  EXPECT_EQ(robot.role, Role::kViewer);
  EXPECT_EQ(robot.organization, "acme");
}

TEST_F(TokenSubjects, ClaimsThatSayMoreCountForNothing) {
  const std::string claims = R"(,"okr_role":"ADMIN","okr_organization":"globex")";
  ASSERT_OK_AND_ASSIGN(const Principal robot, verifier_->Verify(Mint("robot", claims), kNow));
  EXPECT_EQ(robot.role, Role::kViewer);
  EXPECT_EQ(robot.organization, "acme");
}

TEST_F(TokenSubjects, OthersAreRefusedWhateverTheyClaim) {
  for (const char* claims : {"", R"(,"okr_role":"ADMIN","okr_organization":"acme")",
                             R"(,"okr_role":"SERVICE","okr_organization":"*")"}) {
    ExpectRefused(Mint("system:serviceaccount:okr:default", claims));
    ExpectRefused(Mint("ann", claims));
  }
}

TEST_F(TokenSubjects, OnlyTheExactSubjectCounts) {
  const std::string goals = kGoals;
  for (const std::string& subject :
       {goals + "x", goals.substr(0, goals.size() - 1), goals + " ", " " + goals, goals + ":",
        std::string("system:serviceaccount:okr:Goals"), std::string("*"),
        std::string("system:serviceaccount:*:goals")}) {
    ExpectRefused(Mint(subject));
  }
}

TEST_F(TokenSubjects, OfOneIssuerAreNotThoseOfAnother) {
  // The other issuer may name a person so; it is a person then.
  EXPECT_THAT(verifier_->Verify(people_.Mint({.subject = kGoals}), kNow).value().role,
              Role::kMember);
  // Its key does not make tokens of the cluster, nor the cluster's those of people.
  EXPECT_THAT(verifier_->Verify(people_.Mint({.issuer = kCluster, .subject = kGoals}), kNow),
              HasReason("TOKEN_SIGNATURE_INVALID"));
  EXPECT_THAT(verifier_->Verify(Mint(kGoals, "", kIssuer), kNow),
              HasReason("TOKEN_SIGNATURE_INVALID"));
}

TEST_F(TokenSubjects, TheAudienceIsOursAllTheSame) {
  const std::string token =
      cluster_.Mint({.issuer = kCluster, .audience = "vault", .subject = kGoals});
  EXPECT_THAT(verifier_->Verify(token, kNow), HasReason("TOKEN_AUDIENCE_WRONG"));
}

TEST_F(TokenSubjects, GrantsThatNobodyMayHaveStopTheStart) {
  const auto refused = [&](const std::string& subject, const SubjectGrant& grant,
                           bool may_name_services = true) {
    TokenVerifier::Options options = options_;
    options.issuers[1].subjects = {{subject, grant}};
    options.issuers[1].may_name_services = may_name_services;
    return !TokenVerifier::Create(options).ok();
  };
  EXPECT_TRUE(refused("s", {.role = Role::kAdmin, .organization = "*"}));
  EXPECT_TRUE(refused("s", {.role = Role::kViewer, .organization = "*"}));
  EXPECT_TRUE(refused("s", {.role = Role::kMember, .organization = ""}));
  EXPECT_TRUE(refused("s", {.role = Role::kMember, .organization = "no id"}));
  EXPECT_TRUE(refused("", {.role = Role::kMember, .organization = "acme"}));
  EXPECT_TRUE(refused("s", {.role = Role::kService, .organization = "*"}, false));
  EXPECT_FALSE(refused("s", {.role = Role::kAdmin, .organization = "acme"}));
}

}  // namespace
}  // namespace okr::auth
