// Keys over HTTPS.
#include "common/auth/key_fetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/auth/auth_test_support.h"
#include "common/testing/https_server.h"
#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

using okr::testing::CertificateAuthority;
using okr::testing::HttpsServer;
using ::testing::HasSubstr;
using ::testing::Not;

class HttpsKeys : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(authority_, CertificateAuthority::Make());
    ASSERT_OK_AND_ASSIGN(const auto issued, authority_->Issue());
    ASSERT_OK_AND_ASSIGN(server_, HttpsServer::Start(issued, "the keys"));
    location_.location = absl::StrCat("https://127.0.0.1:", server_->port(), "/keys");
    location_.ca_file = Write("ca.crt", authority_->pem());
  }
  std::string Write(const std::string& name, const std::string& text) const {
    std::string path = directory_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  const TemporaryDirectory directory_;
  std::unique_ptr<CertificateAuthority> authority_;
  std::unique_ptr<HttpsServer> server_;
  KeyLocation location_;
};

TEST_F(HttpsKeys, AreReadFromAServerOfTheGivenAuthority) {
  EXPECT_EQ(MakeKeyFetcher(location_)->Fetch().value(), "the keys");
  EXPECT_THAT(server_->last_request(), Not(HasSubstr("Authorization")));
}

TEST_F(HttpsKeys, AreNotReadFromAnyOther) {
  ASSERT_OK_AND_ASSIGN(const auto other, CertificateAuthority::Make());
  location_.ca_file = Write("other.crt", other->pem());
  EXPECT_FALSE(MakeKeyFetcher(location_)->Fetch().ok());
  location_.ca_file = "";
  EXPECT_FALSE(MakeKeyFetcher(location_)->Fetch().ok());
  EXPECT_EQ(server_->last_request(), "");
}

TEST_F(HttpsKeys, AreReadWithTheTokenThatTheFileHoldsThen) {
  location_.token_file = Write("token", "first.token\n");
  const auto fetcher = MakeKeyFetcher(location_);
  ASSERT_OK(fetcher->Fetch());
  EXPECT_THAT(server_->last_request(), HasSubstr("Authorization: Bearer first.token\r\n"));
  Write("token", "second.token");
  ASSERT_OK(fetcher->Fetch());
  EXPECT_THAT(server_->last_request(), HasSubstr("Authorization: Bearer second.token\r\n"));
}

TEST_F(HttpsKeys, AreNotReadWithATokenThatIsNone) {
  location_.token_file = Write("token", "two\r\nX-Header: lines");
  EXPECT_FALSE(MakeKeyFetcher(location_)->Fetch().ok());
  Write("token", "");
  EXPECT_FALSE(MakeKeyFetcher(location_)->Fetch().ok());
  Write("token", "good.token");
  EXPECT_FALSE(
      MakeKeyFetcher({.location = "http://127.0.0.1:1/keys", .token_file = location_.token_file})
          ->Fetch()
          .ok());
  location_.token_file = "/nowhere/token";
  EXPECT_FALSE(MakeKeyFetcher(location_)->Fetch().ok());
  EXPECT_EQ(server_->last_request(), "");
}

}  // namespace
}  // namespace okr::auth
