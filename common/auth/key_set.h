// The public keys of an issuer (RFC 7517).
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/key.h"

namespace okr::auth {

// Thread-safe, immutable.
class KeySet {
 public:
  // Keys of unknown kinds, symmetric ones and those not for signatures are left out, as the
  // standard asks. INVALID_ARGUMENT if it is no JWKS or no key is left.
  static absl::StatusOr<KeySet> Parse(absl::string_view jwks);

  // The keys that a token with this header may be signed with; `kid` is empty if it names none.
  // Without a kid only the one key that fits is meant: several are none.
  std::vector<Key> Find(absl::string_view kid, Algorithm algorithm) const;
  bool Has(absl::string_view kid) const;
  size_t size() const { return keys_.size(); }

 private:
  std::vector<Key> keys_;
};

}  // namespace okr::auth
