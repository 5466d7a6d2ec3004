// What the tests of this folder share.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "common/testing/certificate_authority.h"
#include "common/testing/status_matchers.h"
#include "common/testing/temp_directory.h"
#include "common/tls/files.h"

namespace okr::tls {

using okr::testing::CertificateAuthority;
using okr::testing::IssuedCertificate;
using okr::testing::SecretFolder;
using okr::testing::TempDirectory;

// An authority, and a folder with a good certificate of it.
class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(directory_, TempDirectory::Make());
    ASSERT_OK_AND_ASSIGN(authority_, CertificateAuthority::Make());
    folder_ = std::make_unique<SecretFolder>(directory_->path());
    ASSERT_OK_AND_ASSIGN(good_, authority_->Issue());
    ASSERT_OK(folder_->Put(good_, authority_->pem()));
    files_ = {.certificate = {"--cert", folder_->certificate()},
              .key = {"--key", folder_->key()},
              .ca = {"--ca", folder_->ca()}};
  }

  // A file of the test's own.
  std::string Write(const std::string& name, const std::string& text) const {
    std::string path = directory_->path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  std::unique_ptr<TempDirectory> directory_;
  std::unique_ptr<CertificateAuthority> authority_;
  std::unique_ptr<SecretFolder> folder_;
  IssuedCertificate good_;
  Files files_;
};

}  // namespace okr::tls
