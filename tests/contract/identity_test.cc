// Who may call at all. What is checked before the handler holds for every RPC, so most of it is
// tried at one.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/ids/digest.h"
#include "tests/contract/every_rpc.h"
#include "tests/contract/raw_call.h"

namespace okr::contract {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Identity : public ::testing::Test {
 protected:
  // What a call with this token as it is gets.
  absl::Status With(const std::string& token) const {
    const RawCall call = {.method = "/okr.directory.v1.DirectoryService/GetOrganization",
                          .body = Request().SerializeAsString(),
                          .metadata = {Bearer(token)}};
    return Send(suite_, call).status();
  }
  directory::GetOrganizationRequest Request() const {
    directory::GetOrganizationRequest request;
    request.set_name(company_.name());
    return request;
  }
  // A token of the issuer with these claims beside the usual ones, which they replace.
  std::string Minted(const std::vector<std::pair<std::string, std::string>>& changed) const {
    std::map<std::string, std::string> claims = {{"iss", "\"https://issuer.test\""},
                                                 {"aud", "\"okr\""},
                                                 {"sub", "\"ann\""},
                                                 {"okr_organization", Quoted(company_.id())},
                                                 {"okr_role", "\"MEMBER\""},
                                                 {"iat", In(absl::ZeroDuration())},
                                                 {"exp", In(absl::Hours(1))}};
    for (const auto& [claim, value] : changed) {
      if (value.empty()) {
        claims.erase(claim);
      } else {
        claims[claim] = value;
      }
    }
    std::string json;
    for (const auto& [claim, value] : claims) {
      absl::StrAppend(&json, json.empty() ? "{" : ",", "\"", claim, "\":", value);
    }
    return suite_.issuer().MintJson(json + "}").value();
  }
  static std::string Quoted(absl::string_view text) { return absl::StrCat("\"", text, "\""); }
  static std::string In(absl::Duration offset) {
    return absl::StrCat(absl::ToUnixSeconds(absl::Now() + offset));
  }
  // header.claims.signature
  std::vector<std::string> Parts() const { return absl::StrSplit(Minted({}), '.'); }
  static std::string Encoded(absl::string_view text) { return absl::WebSafeBase64Escape(text); }

  testing::Suite& suite_ = GoalsSuite();
  Company company_;
};

TEST_F(Identity, OfTheIssuersTokenIsBelieved) { EXPECT_OK(With(Minted({}))); }

TEST_F(Identity, IsNeededForEveryRpc) {
  SetScene(company_);
  const std::string before = company_.Snapshot();
  Client nobody(suite_, company_.name(), "");
  for (const Rpc& rpc : EveryRpc()) {
    EXPECT_THAT(rpc.Call(nobody, *rpc.Request(company_)), IsRefused("TOKEN_MISSING")) << rpc.name;
  }
  EXPECT_THAT(nobody.Call<directory::CreateOrganizationRequest>("organization_id: 'x'"),
              IsRefused("TOKEN_MISSING"));
  EXPECT_THAT(nobody.Call<events::ListEventsRequest>("filter { organization: '$O' }"),
              IsRefused("TOKEN_MISSING"));
  EXPECT_THAT(nobody.Call<events::GetHeadRequest>("filter { organization: '$O' }"),
              IsRefused("TOKEN_MISSING"));
  EXPECT_EQ(company_.Snapshot(), before);
}

TEST_F(Identity, IsNotInGarbage) {
  for (const std::string& garbage :
       {std::string("x"), std::string("a.b.c"), std::string("..."), std::string("{}.{}.{}"),
        std::string(4000, '.'), absl::StrCat(Encoded("[]"), ".", Encoded("[]"), ".x"),
        absl::StrCat(Encoded(std::string(3000, '[')), ".", Encoded("{}"), ".x")}) {
    EXPECT_THAT(With(garbage), IsRefused("TOKEN_MALFORMED")) << garbage.substr(0, 60);
  }
}

TEST_F(Identity, IsNotInAnotherScheme) {
  for (const std::string& header : {std::string("Basic YW5uOnNlY3JldA=="), std::string("Bearer"),
                                    std::string("bearer"), Minted({})}) {
    const absl::Status refused =
        Send(suite_, {.method = "/okr.directory.v1.DirectoryService/GetOrganization",
                      .body = Request().SerializeAsString(),
                      .metadata = {{"authorization", header}}})
            .status();
    EXPECT_TRUE(ReasonOf(refused) == "TOKEN_MALFORMED" || ReasonOf(refused) == "TOKEN_MISSING")
        << refused;
  }
}

TEST_F(Identity, IsNotInTwoTokens) {
  EXPECT_THAT(Send(suite_, {.method = "/okr.directory.v1.DirectoryService/GetOrganization",
                            .body = Request().SerializeAsString(),
                            .metadata = {Bearer(Minted({})), Bearer(Minted({}))}}),
              IsRefused("TOKEN_MALFORMED"));
}

TEST_F(Identity, EndsWithTheToken) {
  EXPECT_THAT(With(Minted({{"iat", In(-absl::Hours(2))}, {"exp", In(-absl::Hours(1))}})),
              IsRefused("TOKEN_EXPIRED"));
  EXPECT_OK(With(Minted({{"iat", In(-absl::Hours(2))}, {"exp", In(-absl::Seconds(5))}})))
      << "clocks differ a little";
}

TEST_F(Identity, BeginsWithTheToken) {
  EXPECT_THAT(With(Minted({{"nbf", In(absl::Minutes(30))}})), IsRefused("TOKEN_NOT_YET_VALID"));
  EXPECT_THAT(With(Minted({{"iat", In(absl::Minutes(30))}})), IsRefused("TOKEN_NOT_YET_VALID"));
}

TEST_F(Identity, NeedsASignature) {
  const std::vector<std::string> parts = Parts();
  for (const char* algorithm : {"none", "None", "NONE"}) {
    const std::string header = absl::StrCat(R"({"alg":")", algorithm, R"(","typ":"JWT"})");
    EXPECT_THAT(With(absl::StrCat(Encoded(header), ".", parts[1], ".")),
                IsRefused("TOKEN_ALGORITHM_NOT_ALLOWED"));
    EXPECT_THAT(With(absl::StrCat(Encoded(header), ".", parts[1], ".", parts[2])),
                IsRefused("TOKEN_ALGORITHM_NOT_ALLOWED"));
  }
  EXPECT_THAT(With(absl::StrCat(parts[0], ".", parts[1], ".")),
              IsRefused("TOKEN_SIGNATURE_INVALID"));
}

// The well-known confusion: what anybody can compute from the public key.
TEST_F(Identity, IsNotInAnHmac) {
  const std::string content =
      absl::StrCat(Encoded(R"({"alg":"HS256","typ":"JWT"})"), ".", Parts()[1]);
  for (const char* secret : {"", "secret", "public key"}) {
    EXPECT_THAT(With(absl::StrCat(content, ".", Encoded(HmacSha256(secret, content).ToBytes()))),
                IsRefused("TOKEN_ALGORITHM_NOT_ALLOWED"));
  }
}

TEST_F(Identity, IsNotInAForeignSignature) {
  EXPECT_THAT(With(suite_.ForeignToken(
                  {.organization = company_.id(), .subject = "admin", .role = auth::Role::kAdmin})),
              IsRefused("TOKEN_SIGNATURE_INVALID"));
}

TEST_F(Identity, IsNotInChangedClaims) {
  const std::vector<std::string> parts = Parts();
  std::string claims;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[1], &claims));
  claims.replace(claims.find("MEMBER"), 6, "ADMIN");
  EXPECT_THAT(With(absl::StrCat(parts[0], ".", Encoded(claims), ".", parts[2])),
              IsRefused("TOKEN_SIGNATURE_INVALID"));
}

TEST_F(Identity, IsForThisAudience) {
  EXPECT_THAT(With(Minted({{"aud", "\"another\""}})), IsRefused("TOKEN_AUDIENCE_WRONG"));
  EXPECT_THAT(With(Minted({{"aud", "[\"another\", \"okrx\"]"}})),
              IsRefused("TOKEN_AUDIENCE_WRONG"));
  EXPECT_OK(With(Minted({{"aud", "[\"another\", \"okr\"]"}})));
}

TEST_F(Identity, IsOfAKnownIssuer) {
  EXPECT_THAT(With(Minted({{"iss", "\"https://evil.test\""}})), IsRefused("TOKEN_ISSUER_UNKNOWN"));
  EXPECT_THAT(With(Minted({{"iss", "\"https://issuer.test/\""}})),
              IsRefused("TOKEN_ISSUER_UNKNOWN"));
}

TEST_F(Identity, NeedsAllClaims) {
  for (const char* claim : {"aud", "sub", "okr_organization", "okr_role", "iat", "exp"}) {
    const absl::Status refused = With(Minted({{claim, ""}}));
    EXPECT_THAT(refused, IsRefused("TOKEN_CLAIM_MISSING")) << claim;
    EXPECT_EQ(DetailsOf(refused).metadata["claim"], claim);
  }
  const absl::Status issuer = With(Minted({{"iss", ""}}));
  EXPECT_EQ(issuer.code(), absl::StatusCode::kUnauthenticated) << issuer;
}

TEST_F(Identity, NeedsRightClaims) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"sub", "\"\""},
      {"sub", "7"},
      {"sub", Quoted(std::string(256, 'x'))},
      {"okr_role", "\"OWNER\""},
      {"okr_role", "\"admin\""},
      {"okr_role", "[\"ADMIN\"]"},
      {"okr_organization", "\"*\""},
      {"okr_organization", "\"\""},
      {"okr_organization", "\"a/b\""},
      {"exp", "\"tomorrow\""},
      {"exp", "1e300"},
      {"exp", "-1"}};
  for (const auto& [claim, value] : wrong) {
    const absl::Status refused = With(Minted({{claim, value}}));
    EXPECT_EQ(refused.code(), absl::StatusCode::kUnauthenticated)
        << claim << " " << value << ": " << refused;
  }
}

TEST_F(Identity, IsNotInATokenOfNineKilobytes) {
  const absl::Status refused = With(Minted({{"more", Quoted(std::string(6'800, 'x'))}}));
  // gRPC itself ends what has more metadata than is allowed.
  EXPECT_TRUE(refused.code() == absl::StatusCode::kUnauthenticated ||
              refused.code() == absl::StatusCode::kResourceExhausted)
      << refused;
  EXPECT_OK(suite_.AwaitHealth("goals", true, absl::Seconds(5)));
  EXPECT_OK(With(Minted({})));
}

TEST_F(Identity, IsNeverRepeatedInRefusalsOrLogs) {
  const std::string token = Minted({{"aud", "\"another\""}});
  EXPECT_THAT(With(token).ToString(), Not(HasSubstr(token.substr(0, 20))));
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  const std::string log = suite_.LogOf("goals");
  EXPECT_THAT(log, Not(HasSubstr(parts[1].substr(0, 40))));
  EXPECT_THAT(log, Not(HasSubstr(parts[2])));
}

TEST_F(Identity, OfAServiceWritesNothing) {
  Client service(suite_, company_.name(),
                 suite_.Token({.organization = "*", .subject = "s", .role = auth::Role::kService}));
  SetScene(company_);
  const std::string before = company_.Snapshot();
  for (const Rpc& rpc : EveryRpc()) {
    if (!rpc.writes) continue;
    EXPECT_THAT(rpc.Call(service, *rpc.Request(company_)), IsRefused("PERMISSION_DENIED"))
        << rpc.name;
  }
  EXPECT_EQ(company_.Snapshot(), before);
}

TEST_F(Identity, OfOneOrganizationReadsNoEventsOfAnother) {
  Company other;
  EXPECT_THAT(other.admin().Call<events::ListEventsRequest>(
                  absl::StrCat("filter { organization: '", company_.name(), "' }")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(other.admin().Call<events::ListEventsRequest>("filter { shard: 0 }"),
              ::testing::AnyOf(IsRefused("PERMISSION_DENIED"), IsRefused("INVALID_FIELDS")));
  EXPECT_THAT(other.admin().Call<events::ListEventsRequest>(absl::StrCat(
                  "filter { organization: '$O' subject_prefix: '", company_.name(), "' }")),
              IsRefused("WRONG_ORGANIZATION"));
}

}  // namespace
}  // namespace okr::contract
