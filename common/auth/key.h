// One asymmetric key, over cjose.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/json.h"

// cjose.h defines cjose_jwk_t as this; its name is not ours to choose.
struct _cjose_jwk_int;  // NOLINT(bugprone-reserved-identifier)

namespace okr::auth {

// The asymmetric signature algorithms that can be allowed. "none" and HS* have no value, by intent.
enum class Algorithm { kRs256, kRs384, kRs512, kPs256, kPs384, kPs512, kEs256, kEs384, kEs512 };

absl::string_view AlgorithmName(Algorithm algorithm);
std::optional<Algorithm> AlgorithmFromName(absl::string_view name);

// Thread-safe, immutable.
class Key {
 public:
  // A public or private JWK. INVALID_ARGUMENT unless it is RSA with at least 2048 bits or EC on
  // P-256, P-384 or P-521, and meant for signatures.
  static absl::StatusOr<Key> FromJwk(const JsonObject& jwk);
  // A new private key for the algorithm: RSA has 2048 bits. `kid` names it.
  static absl::StatusOr<Key> Generate(Algorithm algorithm, absl::string_view kid);

  const std::string& kid() const { return kid_; }
  // Whether this key may verify this algorithm: by its type, its curve and its own "alg".
  bool Fits(Algorithm algorithm) const;
  // Whether `token` (compact form) is signed with this key. The header's algorithm must be one that
  // fits.
  bool Verify(absl::string_view token) const;
  // The compact form of `payload`, signed; only with a private key.
  absl::StatusOr<std::string> Sign(Algorithm algorithm, absl::string_view payload) const;

  // With "use" and "kid".
  std::string PublicJwk() const;
  std::string PrivateJwk() const;

 private:
  Key(_cjose_jwk_int* owned, std::string kid);
  std::string ToJwk(bool with_private) const;

  std::shared_ptr<_cjose_jwk_int> jwk_;
  std::string kid_;
  std::optional<Algorithm> only_;  // The JWK's "alg".
};

}  // namespace okr::auth
