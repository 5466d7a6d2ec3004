#include "common/rpc/token_issuers.h"

#include <fstream>

#include "common/testing/status_matchers.h"

namespace okr::rpc {
namespace {

using testing::HasCode;
using testing::NamesField;

absl::StatusOr<auth::TokenVerifier::Options> Read(const std::string& yaml) {
  const std::string path = ::testing::TempDir() + "/okr_token_issuers_test.yaml";
  std::ofstream(path) << yaml;
  return ReadTokenIssuers(path);
}

TEST(TokenIssuers, ReadsAnIssuerWithDefaults) {
  ASSERT_OK_AND_ASSIGN(const auto options, Read("issuers:\n"
                                                "  - issuer: https://login.example\n"
                                                "    audience: okr\n"
                                                "    jwks: https://login.example/keys\n"));
  ASSERT_EQ(options.issuers.size(), 1u);
  EXPECT_EQ(options.issuers[0].issuer, "https://login.example");
  EXPECT_EQ(options.issuers[0].audience, "okr");
  EXPECT_EQ(options.issuers[0].jwks, "https://login.example/keys");
  EXPECT_EQ(options.issuers[0].role_claim, "okr_role");
  EXPECT_EQ(options.clock_skew, absl::Seconds(60));
}

TEST(TokenIssuers, ReadsEverySetting) {
  ASSERT_OK_AND_ASSIGN(
      const auto options,
      Read("clock_skew: 5s\n"
           "issuers:\n"
           "  - {issuer: i, audience: a, jwks: /keys, algorithms: [RS256, PS512],\n"
           "     organization_claim: org, role_claim: role,\n"
           "     may_name_services: false}\n"));
  const auth::IssuerOptions& issuer = options.issuers.at(0);
  EXPECT_EQ(options.clock_skew, absl::Seconds(5));
  EXPECT_EQ(issuer.jwks, "/keys");
  EXPECT_EQ(issuer.algorithms, (std::vector{auth::Algorithm::kRs256, auth::Algorithm::kPs512}));
  EXPECT_EQ(issuer.organization_claim, "org");
  EXPECT_EQ(issuer.role_claim, "role");
  EXPECT_FALSE(issuer.may_name_services);
}

TEST(TokenIssuers, ResolvesAPathFromTheFilesFolder) {
  ASSERT_OK_AND_ASSIGN(const auto options,
                       Read("issuers: [{issuer: i, audience: a, jwks: keys/jwks.json}]\n"));
  EXPECT_EQ(options.issuers[0].jwks, ::testing::TempDir() + "/keys/jwks.json");
}

TEST(TokenIssuers, SaysThatTheListIsMissing) {
  const auto options = Read("clock_skew: 5s\n");
  EXPECT_THAT(options, NamesField("issuers"));
  EXPECT_THAT(options.status().ToString(), ::testing::HasSubstr("expected a list"));
}

TEST(TokenIssuers, NamesAKeyThatIsNoText) {
  EXPECT_THAT(Read("? [a]\n: b\nissuers: [{issuer: i, audience: a, jwks: /k}]\n"), NamesField("?"));
}

TEST(TokenIssuers, NamesAllThatIsWrong) {
  const auto options = Read(
      "clock_skew: soon\n"
      "issuers: [{issuer: i, audiense: a, algorithms: [none, HS256]}]\n");
  for (const char* field : {"clock_skew", "issuers[0].audience", "issuers[0].audiense",
                            "issuers[0].jwks", "issuers[0].algorithms"}) {
    EXPECT_THAT(options, NamesField(field));
  }
}

TEST(TokenIssuers, RefusesAnEmptyList) {
  EXPECT_THAT(Read("issuers: []\n"), NamesField("issuers"));
  EXPECT_THAT(Read(""), NamesField("issuers"));
}

TEST(TokenIssuers, RefusesWhatIsNoYaml) {
  EXPECT_THAT(Read("issuers: [\n"), NamesField("issuers"));
  EXPECT_THAT(Read("just words"), NamesField("issuers"));
}

TEST(TokenIssuers, TellsThatThereIsNoFile) {
  EXPECT_THAT(ReadTokenIssuers("/nowhere/issuers.yaml"), HasCode(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace okr::rpc
