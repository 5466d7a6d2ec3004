#include "common/tls/files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/watched_file.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::tls {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20;
// Of files that are replaced each time; nobody does that without end.
constexpr int kMaxReadings = 100;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

// gRPC and hiredis look at the thread's queue of errors, which is to be as it was.
class ErrorsStay {
 public:
  ErrorsStay() { ERR_set_mark(); }
  ~ErrorsStay() { ERR_pop_to_mark(); }
  ErrorsStay(const ErrorsStay&) = delete;
  ErrorsStay& operator=(const ErrorsStay&) = delete;
};

Bio Reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int NoPassphrase(char*, int, int, void*) { return -1; }

std::vector<Certificate> Certificates(const std::string& pem) {
  const Bio bio = Reader(pem);
  std::vector<Certificate> all;
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    all.emplace_back(next);
  }
  return all;
}

absl::Time ExpiryOf(const X509& certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

void Wrong(const File& file, absl::string_view what, Violations* violations) {
  violations->Add(file.setting, absl::StrCat("\"", file.path, "\" ", what));
}

std::string ReadText(const File& file, Violations* violations) {
  if (file.path.empty()) return "";
  const auto text = auth::ReadSmallFile(file.path, kMaxBytes);
  if (!text.ok()) {
    Wrong(file,
          absl::StrCat("cannot be used: ", text.status().message(),
                       "; give a PEM file that this process may read"),
          violations);
    return "";
  }
  return *text;
}

void CheckAuthorities(const File& file, const std::string& pem, Violations* violations) {
  if (pem.empty() || !Certificates(pem).empty()) return;
  Wrong(file, "holds no PEM certificate; give the certificates of the authorities to believe",
        violations);
}

void CheckPair(const Files& files, Material* material, Violations* violations) {
  if (material->certificate.empty() || material->key.empty()) return;
  const std::vector<Certificate> chain = Certificates(material->certificate);
  const Bio bio = Reader(material->key);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (chain.empty()) {
    Wrong(files.certificate, "holds no PEM certificate; give the chain, our own first", violations);
  }
  if (key == nullptr) {
    Wrong(files.key, "holds no PEM private key without a passphrase; give one that has none",
          violations);
  }
  if (chain.empty() || key == nullptr) return;
  material->expiry = ExpiryOf(*chain.front());
  if (X509_check_private_key(chain.front().get(), key.get()) == 1) return;
  Wrong(files.key,
        absl::StrCat("is not the key of the first certificate in \"", files.certificate.path,
                     "\"; give the two that were made together"),
        violations);
}

// A pair of which one is missing.
void CheckBoth(const File& given, const File& missing, Violations* violations) {
  if (given.path.empty() || !missing.path.empty()) return;
  violations->Add(missing.setting, absl::StrCat("is missing while ", given.setting, " is \"",
                                                given.path, "\"; set both, or neither"));
}

absl::StatusOr<Material> ReadOnce(const Files& files) {
  const ErrorsStay errors_stay;
  Violations violations;
  CheckBoth(files.certificate, files.key, &violations);
  CheckBoth(files.key, files.certificate, &violations);
  Material material{.certificate = ReadText(files.certificate, &violations),
                    .key = ReadText(files.key, &violations),
                    .ca = ReadText(files.ca, &violations)};
  // An empty file was read like any other, and holds nothing.
  for (const auto& [file, text] :
       {std::pair{&files.certificate, &material.certificate}, std::pair{&files.key, &material.key},
        std::pair{&files.ca, &material.ca}}) {
    if (violations.empty() && !file->path.empty() && text->empty()) {
      Wrong(*file, "is empty; give a PEM file", &violations);
    }
  }
  CheckPair(files, &material, &violations);
  CheckAuthorities(files.ca, material.ca, &violations);
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  return material;
}

}  // namespace

absl::StatusOr<Material> Read(const Files& files) {
  // Replaced while they were read, the files may be of two generations.
  for (int attempt = 1;; ++attempt) {
    const std::string stamp = StampOf(files);
    auto material = ReadOnce(files);
    if (StampOf(files) == stamp || attempt == kMaxReadings) return material;
  }
}

std::string StampOf(const Files& files) {
  return absl::StrCat(auth::FileStamp(files.certificate.path), "/", auth::FileStamp(files.key.path),
                      "/", auth::FileStamp(files.ca.path));
}

}  // namespace okr::tls
