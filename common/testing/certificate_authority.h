// An authority that issues certificates for tests, good ones and bad ones.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace okr::testing {

struct CertificateRequest {
  std::string common_name = "test";
  // Subject alternative names, as OpenSSL writes them.
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  absl::Duration from = -absl::Hours(1);  // Counted from now, as `until` is.
  absl::Duration until = absl::Hours(24 * 30);
};

// As PEM.
struct IssuedCertificate {
  std::string certificate;
  std::string key;
};

class CertificateAuthority {
 public:
  static absl::StatusOr<std::unique_ptr<CertificateAuthority>> Make(
      const std::string& name = "Test Authority");
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  const std::string& pem() const;
  absl::StatusOr<IssuedCertificate> Issue(const CertificateRequest& request = {}) const;

 private:
  struct Impl;
  explicit CertificateAuthority(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A folder that holds tls.crt, tls.key and ca.crt the way the kubelet mounts a secret: behind a
// symbolic link that is exchanged at once.
class SecretFolder {
 public:
  explicit SecretFolder(std::string path) : path_(std::move(path)) {}

  absl::Status Put(const IssuedCertificate& issued, const std::string& ca);
  std::string certificate() const { return path_ + "/tls.crt"; }
  std::string key() const { return path_ + "/tls.key"; }
  std::string ca() const { return path_ + "/ca.crt"; }

 private:
  const std::string path_;
  int generation_ = 0;
};

}  // namespace okr::testing
