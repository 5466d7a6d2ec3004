// SHA-256 and HMAC-SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace okr {

struct Digest {
  std::array<uint8_t, 32> bytes{};

  std::string ToHex() const;    // 64 lower-case characters.
  std::string ToBytes() const;  // 32 raw bytes.
  bool operator==(const Digest&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const Digest& digest) {
    return H::combine(std::move(h), digest.bytes);
  }
};

Digest Sha256(absl::string_view data);

// `key` may have any length; 32 random bytes are right.
Digest HmacSha256(absl::string_view key, absl::string_view data);

// Compares without telling by its duration where the two differ. Different lengths are unequal.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

}  // namespace okr
