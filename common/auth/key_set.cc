#include "common/auth/key_set.h"

#include <algorithm>
#include <utility>

namespace okr::auth {

absl::StatusOr<KeySet> KeySet::Parse(absl::string_view jwks) {
  const std::optional<JsonObject> root = JsonObject::Parse(jwks);
  const auto objects = root.has_value() ? root->GetObjects("keys") : std::nullopt;
  if (!objects.has_value()) {
    return absl::InvalidArgumentError("not a JWKS: expected an object with an array \"keys\"");
  }
  KeySet set;
  for (const JsonObject& object : *objects) {
    auto key = Key::FromJwk(object);
    if (key.ok()) set.keys_.push_back(*std::move(key));
  }
  if (set.keys_.empty()) {
    return absl::InvalidArgumentError("the JWKS has no RSA or EC key for signatures");
  }
  return set;
}

std::vector<Key> KeySet::Find(absl::string_view kid, Algorithm algorithm) const {
  std::vector<Key> found;
  for (const Key& key : keys_) {
    if (key.Fits(algorithm) && (kid.empty() || key.kid() == kid)) found.push_back(key);
  }
  if (kid.empty() && found.size() > 1) found.clear();
  return found;
}

bool KeySet::Has(absl::string_view kid) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [kid](const Key& key) { return key.kid() == kid; });
}

}  // namespace okr::auth
