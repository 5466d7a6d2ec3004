// What the tests of this folder share.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/development_issuer.h"
#include "common/auth/token_verifier.h"
#include "common/auth/watched_file.h"

namespace okr::auth {

inline const absl::Time kNow = absl::FromUnixSeconds(1'767'225'600);
inline constexpr char kIssuer[] = "https://issuer.example";
inline constexpr char kAudience[] = "okr";

// A directory that goes with its object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string path = ::testing::TempDir() + "/okr_auth_XXXXXX";
    path_ = mkdtemp(path.data()) == nullptr ? "" : path;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A development issuer with its folder.
struct TestIssuer {
  explicit TestIssuer(Algorithm algorithm = Algorithm::kEs256)
      : made(DevelopmentIssuer::GenerateKey(directory.path(), algorithm)),
        issuer(DevelopmentIssuer::Load(directory.path()).value()) {}

  std::string jwks_path() const { return directory.path() + "/jwks.json"; }
  std::string Jwks() const { return ReadSmallFile(jwks_path(), 65536).value(); }
  std::string Mint(TokenClaims claims = {}, absl::Duration ttl = absl::Hours(1),
                   absl::Time now = kNow) const {
    if (claims.issuer.empty()) claims.issuer = kIssuer;
    if (claims.audience.empty()) claims.audience = kAudience;
    if (claims.subject.empty()) claims.subject = "ann";
    if (claims.organization.empty()) claims.organization = "acme";
    return issuer.Mint(claims, ttl, now).value();
  }

  TemporaryDirectory directory;
  absl::Status made;
  DevelopmentIssuer issuer;
};

inline TokenVerifier::Options VerifierOptions(const std::string& jwks) {
  return {.issuers = {{.issuer = kIssuer, .audience = kAudience, .jwks = jwks}},
          .background = false};
}

inline std::unique_ptr<TokenVerifier> VerifierFor(const TestIssuer& issuer) {
  return TokenVerifier::Create(VerifierOptions(issuer.jwks_path())).value();
}

// What a test's fetcher gives; shared with the test.
struct Served {
  absl::StatusOr<std::string> jwks;
  int fetches = 0;
};

class FakeFetcher final : public KeyFetcher {
 public:
  explicit FakeFetcher(std::shared_ptr<Served> served, bool local)
      : served_(std::move(served)), local_(local) {}
  absl::StatusOr<std::string> Fetch() override {
    ++served_->fetches;
    return served_->jwks;
  }
  bool IsLocal() const override { return local_; }

 private:
  const std::shared_ptr<Served> served_;
  const bool local_;
};

inline std::vector<std::string> Parts(const std::string& token) {
  const size_t first = token.find('.');
  const size_t second = token.find('.', first + 1);
  return {token.substr(0, first), token.substr(first + 1, second - first - 1),
          token.substr(second + 1)};
}

inline std::string Base64Url(absl::string_view text) { return absl::WebSafeBase64Escape(text); }

}  // namespace okr::auth
