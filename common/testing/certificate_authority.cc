#include "common/testing/certificate_authority.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/macros.h"

namespace okr::testing {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Key NewKey() { return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

std::string Text(const Bio& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string Pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return Text(bio);
}

std::string Pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return Text(bio);
}

bool Extend(X509* certificate, int kind, const std::string& value) {
  std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

void SetTimes(X509* certificate, absl::Duration from, absl::Duration until) {
  const absl::Time now = absl::Now();
  ASN1_TIME_set(X509_getm_notBefore(certificate), absl::ToTimeT(now + from));
  ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(now + until));
}

// Not signed yet.
Certificate NewCertificate(const std::string& name, EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial));
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::InternalError("cannot write " + path);
}

}  // namespace

struct CertificateAuthority::Impl {
  Key key;
  Certificate certificate;
  std::string pem;
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateAuthority::~CertificateAuthority() = default;

absl::StatusOr<std::unique_ptr<CertificateAuthority>> CertificateAuthority::Make(
    const std::string& name) {
  auto impl = std::make_unique<Impl>();
  impl->key = NewKey();
  impl->certificate = NewCertificate(name, impl->key.get());
  X509* const certificate = impl->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  SetTimes(certificate, -absl::Hours(24 * 365), absl::Hours(24 * 365));
  if (!Extend(certificate, NID_basic_constraints, "critical,CA:TRUE") ||
      X509_sign(certificate, impl->key.get(), EVP_sha256()) == 0) {
    return absl::InternalError("OpenSSL cannot make an authority");
  }
  impl->pem = Pem(certificate);
  return std::unique_ptr<CertificateAuthority>(new CertificateAuthority(std::move(impl)));
}

const std::string& CertificateAuthority::pem() const { return impl_->pem; }

absl::StatusOr<IssuedCertificate> CertificateAuthority::Issue(
    const CertificateRequest& request) const {
  const Key key = NewKey();
  const Certificate certificate = NewCertificate(request.common_name, key.get());
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(impl_->certificate.get()));
  SetTimes(certificate.get(), request.from, request.until);
  if (!Extend(certificate.get(), NID_subject_alt_name, request.names) ||
      X509_sign(certificate.get(), impl_->key.get(), EVP_sha256()) == 0) {
    return absl::InternalError("OpenSSL cannot make a certificate");
  }
  return IssuedCertificate{.certificate = Pem(certificate.get()), .key = Pem(key.get())};
}

absl::Status SecretFolder::Put(const IssuedCertificate& issued, const std::string& ca) {
  namespace fs = std::filesystem;
  const std::string name = absl::StrCat("..", ++generation_);
  std::error_code error;
  fs::create_directories(absl::StrCat(path_, "/", name), error);
  for (const auto& [file, text] : {std::pair{"tls.crt", &issued.certificate},
                                   std::pair{"tls.key", &issued.key}, std::pair{"ca.crt", &ca}}) {
    OKR_RETURN_IF_ERROR(WriteFile(absl::StrCat(path_, "/", name, "/", file), *text));
    const std::string link = absl::StrCat(path_, "/", file);
    if (!fs::is_symlink(link)) fs::create_symlink(absl::StrCat("..data/", file), link, error);
  }
  fs::create_symlink(name, path_ + "/..next", error);
  fs::rename(path_ + "/..next", path_ + "/..data", error);
  return error ? absl::InternalError(error.message()) : absl::OkStatus();
}

}  // namespace okr::testing
