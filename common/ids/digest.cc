#include "common/ids/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"

namespace okr {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetched once: OpenSSL 3 takes locks and searches its providers at each implicit fetch.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

}  // namespace

std::string Digest::ToHex() const { return absl::BytesToHexString(ToBytes()); }

std::string Digest::ToBytes() const { return std::string(bytes.begin(), bytes.end()); }

Digest Sha256(absl::string_view data) {
  thread_local const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
  Digest digest;
  unsigned int size = 0;
  // Fails only when memory is exhausted or OpenSSL has no SHA-256; neither leaves a way on.
  if (EVP_DigestInit_ex(context.get(), Sha256Algorithm(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.bytes.data(), &size) != 1) {
    std::abort();
  }
  return digest;
}

Digest HmacSha256(absl::string_view key, absl::string_view data) {
  Digest digest;
  unsigned int size = 0;
  const char* key_data = key.empty() ? "" : key.data();
  if (HMAC(Sha256Algorithm(), key_data, static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.bytes.data(),
           &size) == nullptr) {
    std::abort();
  }
  return digest;
}

bool ConstantTimeEquals(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace okr
