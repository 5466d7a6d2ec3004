#include "common/tls/files.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "absl/time/clock.h"
#include "common/status/error.h"
#include "common/tls/tls_test_support.h"

namespace okr::tls {
namespace {

using ::testing::HasSubstr;

class TlsFiles : public TlsTest {
 protected:
  // Expects that `setting` alone is refused, in words that hold `part`.
  void ExpectRefused(const std::string& setting, const std::string& part) {
    const auto material = Read(files_);
    ASSERT_FALSE(material.ok());
    const auto violations = DetailsOf(material.status()).violations;
    ASSERT_EQ(violations.size(), 1u) << material.status();
    EXPECT_EQ(violations[0].field, setting);
    EXPECT_THAT(violations[0].description, HasSubstr(part));
  }
};

TEST_F(TlsFiles, AreReadWithTheEndOfTheCertificate) {
  ASSERT_OK_AND_ASSIGN(const Material material, Read(files_));
  EXPECT_EQ(material.certificate, good_.certificate);
  EXPECT_EQ(material.key, good_.key);
  EXPECT_EQ(material.ca, authority_->pem());
  const absl::Duration left = material.expiry - absl::Now();
  EXPECT_GT(left, absl::Hours(24 * 30) - absl::Minutes(5));
  EXPECT_LE(left, absl::Hours(24 * 30));
}

TEST_F(TlsFiles, MayBeAnAuthorityAlone) {
  files_.certificate.path = files_.key.path = "";
  ASSERT_OK_AND_ASSIGN(const Material material, Read(files_));
  EXPECT_EQ(material.expiry, absl::InfiniteFuture());
}

TEST_F(TlsFiles, OneOfThePairMissing) {
  files_.key.path = "";
  ExpectRefused("--key", "is missing while --cert is");
  files_.key.path = folder_->key();
  files_.certificate.path = "";
  ExpectRefused("--cert", "set both, or neither");
}

TEST_F(TlsFiles, MissingFile) {
  files_.certificate.path = "/nowhere/tls.crt";
  ExpectRefused("--cert", "\"/nowhere/tls.crt\" cannot be used: cannot open");
  files_.certificate.path = folder_->certificate();
  files_.ca.path = "/nowhere/ca.crt";
  ExpectRefused("--ca", "/nowhere/ca.crt");
}

TEST_F(TlsFiles, NoPem) {
  files_.certificate.path = Write("garbage", "no certificate");
  ExpectRefused("--cert", "holds no PEM certificate");
  files_.certificate.path = folder_->certificate();
  files_.key.path = Write("garbage", good_.certificate);
  ExpectRefused("--key", "holds no PEM private key");
  files_.key.path = folder_->key();
  files_.ca.path = Write("garbage", good_.key);
  ExpectRefused("--ca", "authorities");
}

TEST_F(TlsFiles, EmptyFile) {
  files_.key.path = Write("empty", "");
  ExpectRefused("--key", "is empty");
}

TEST_F(TlsFiles, KeyOfAnotherCertificate) {
  ASSERT_OK_AND_ASSIGN(const IssuedCertificate other, authority_->Issue());
  files_.key.path = Write("other.key", other.key);
  ExpectRefused("--key", "is not the key of the first certificate in");
}

// As cert-manager and the kubelet do it: a certificate, its key and the authorities are exchanged
// in one step, at any time while they are read.
TEST_F(TlsFiles, AreOfOneGenerationWhileOthersReplaceThem) {
  ASSERT_OK_AND_ASSIGN(const IssuedCertificate other, authority_->Issue());
  std::atomic<bool> done = false;
  std::thread replacing([&] {
    for (int i = 0; i < 100; ++i) {
      EXPECT_OK(folder_->Put(i % 2 == 0 ? other : good_, authority_->pem()));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    done = true;
  });
  while (!done) EXPECT_OK(Read(files_));
  replacing.join();
}

}  // namespace
}  // namespace okr::tls
