#include "common/auth/development_issuer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/auth/auth_test_support.h"
#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

TEST(DevelopmentIssuer, KeepsItsPrivateKeyToItself) {
  const TestIssuer issuer;
  ASSERT_OK(issuer.made);
  struct stat info = {};
  ASSERT_EQ(stat((issuer.directory.path() + "/private.jwk").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(issuer.Jwks().find("\"d\""), std::string::npos);
}

TEST(DevelopmentIssuer, NeverOverwritesAKey) {
  const TestIssuer issuer;
  const std::string before = issuer.Jwks();
  EXPECT_THAT(DevelopmentIssuer::GenerateKey(issuer.directory.path()),
              testing::HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(issuer.Jwks(), before);
}

TEST(DevelopmentIssuer, MakesItsFolder) {
  const TemporaryDirectory directory;
  EXPECT_OK(DevelopmentIssuer::GenerateKey(directory.path() + "/a/b"));
  EXPECT_OK(DevelopmentIssuer::Load(directory.path() + "/a/b"));
}

TEST(DevelopmentIssuer, MissesItsKey) {
  EXPECT_THAT(DevelopmentIssuer::Load("/no/such/folder"),
              testing::HasCode(absl::StatusCode::kNotFound));
}

TEST(DevelopmentIssuer, WritesEveryClaimAsText) {
  const TestIssuer issuer;
  ASSERT_OK_AND_ASSIGN(
      const Principal principal,
      VerifierFor(issuer)->Verify(issuer.Mint({.subject = "a\"b\\c\n\xc3\xa4"}), kNow));
  EXPECT_EQ(principal.subject, "a\"b\\c\n\xc3\xa4");
}

}  // namespace
}  // namespace okr::auth
