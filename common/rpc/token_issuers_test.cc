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

TEST(TokenIssuers, ReadsTheSubjectsOfACluster) {
  ASSERT_OK_AND_ASSIGN(
      const auto options,
      Read("issuers:\n"
           "  - issuer: https://kubernetes.default.svc\n"
           "    audience: okr\n"
           "    jwks: https://kubernetes.default.svc/openid/v1/jwks\n"
           "    jwks_ca_file: /run/ca.crt\n"
           "    jwks_token_file: token\n"
           "    subjects:\n"
           "      system:serviceaccount:okr:goals: {role: SERVICE, organization: \"*\"}\n"
           "      system:serviceaccount:ci:robot: {role: ADMIN, organization: acme}\n"));
  const auth::IssuerOptions& issuer = options.issuers.at(0);
  EXPECT_EQ(issuer.jwks_ca_file, "/run/ca.crt");
  EXPECT_EQ(issuer.jwks_token_file, ::testing::TempDir() + "/token");
  ASSERT_EQ(issuer.subjects.size(), 2u);
  EXPECT_EQ(issuer.subjects.at("system:serviceaccount:okr:goals").role, auth::Role::kService);
  EXPECT_EQ(issuer.subjects.at("system:serviceaccount:okr:goals").organization, "*");
  EXPECT_EQ(issuer.subjects.at("system:serviceaccount:ci:robot").role, auth::Role::kAdmin);
}

// An issuer of which only `subjects` and `more` are of interest.
absl::StatusOr<auth::TokenVerifier::Options> ReadSubjects(const std::string& subjects,
                                                          const std::string& more = "") {
  return Read("issuers: [{issuer: i, audience: a, jwks: /k, subjects: " + subjects + more + "}]\n");
}

TEST(TokenIssuers, RefusesSubjectsWithMoreThanTheirRoleMayHave) {
  const char* organization = "issuers[0].subjects[\"s\"].organization";
  EXPECT_THAT(ReadSubjects("{s: {role: ADMIN, organization: '*'}}"), NamesField(organization));
  EXPECT_THAT(ReadSubjects("{s: {role: VIEWER, organization: '*'}}"), NamesField(organization));
  EXPECT_THAT(ReadSubjects("{s: {role: ADMIN, organization: 'a b'}}"), NamesField(organization));
  EXPECT_THAT(ReadSubjects("{s: {role: SERVICE}}"), NamesField(organization));
  EXPECT_THAT(ReadSubjects("{s: {role: SERVICE, organization: '*'}}", ", may_name_services: false"),
              NamesField("issuers[0].subjects[\"s\"].role"));
}

TEST(TokenIssuers, RefusesSubjectsThatAreNone) {
  EXPECT_THAT(ReadSubjects("{}"), NamesField("issuers[0].subjects"));
  EXPECT_THAT(ReadSubjects("[s]"), NamesField("issuers[0].subjects"));
  EXPECT_THAT(ReadSubjects("{s: SERVICE}"), NamesField("issuers[0].subjects[\"s\"]"));
  EXPECT_THAT(ReadSubjects("{s: {role: BOSS, organization: acme}}"),
              NamesField("issuers[0].subjects[\"s\"].role"));
  EXPECT_THAT(ReadSubjects("{s: {role: ADMIN, organisation: acme}}"),
              NamesField("issuers[0].subjects[\"s\"].organisation"));
  EXPECT_THAT(ReadSubjects("{s: {role: ADMIN, organization: a}, s: {role: VIEWER, "
                           "organization: a}}"),
              NamesField("issuers[0].subjects[\"s\"]"));
}

TEST(TokenIssuers, RefusesATokenForWhatIsNotReadOverHttps) {
  for (const char* jwks : {"/keys", "http://login.example/keys"}) {
    const auto options = Read(
        std::string("issuers: [{issuer: i, audience: a, jwks_ca_file: /c, jwks_token_file: /t, "
                    "jwks: '") +
        jwks + "'}]\n");
    EXPECT_THAT(options, NamesField("issuers[0].jwks_token_file"));
    EXPECT_THAT(options, NamesField("issuers[0].jwks_ca_file"));
  }
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
