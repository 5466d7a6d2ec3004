// Tokens that were verified, so that the next call with one costs a hash and a look-up.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/ids/digest.h"

namespace okr::auth {

// Least recently used entries go first. Thread-safe; threads meet only in one of 16 parts.
class TokenCache {
 public:
  explicit TokenCache(size_t capacity);

  // Absent if unknown, over, or put under another `generation` of keys.
  std::optional<Principal> Get(const Digest& token, absl::Time now, uint64_t generation);
  // Kept until `until`, at most.
  void Put(const Digest& token, const Principal& principal, absl::Time until, uint64_t generation);
  size_t size() const;

 private:
  static constexpr size_t kParts = 16;

  struct Entry {
    Digest token;
    Principal principal;
    absl::Time until;
    uint64_t generation;
  };
  struct alignas(64) Part {
    mutable std::mutex mutex;  // Guards what follows.
    std::list<Entry> entries;  // The last used first.
    absl::flat_hash_map<Digest, std::list<Entry>::iterator> index;
  };

  Part& PartOf(const Digest& token) { return parts_[token.bytes[0] % kParts]; }

  const size_t capacity_of_part_;
  std::array<Part, kParts> parts_;
};

}  // namespace okr::auth
