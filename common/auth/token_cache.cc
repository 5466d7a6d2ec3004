#include "common/auth/token_cache.h"

#include <algorithm>

namespace okr::auth {

TokenCache::TokenCache(size_t capacity)
    : capacity_of_part_(std::max<size_t>(1, capacity / kParts)) {}

std::optional<Principal> TokenCache::Get(const Digest& token, absl::Time now, uint64_t generation) {
  Part& part = PartOf(token);
  const std::lock_guard lock(part.mutex);
  const auto found = part.index.find(token);
  if (found == part.index.end()) return std::nullopt;
  const auto entry = found->second;
  if (now >= entry->until || entry->generation != generation) {
    part.entries.erase(entry);
    part.index.erase(found);
    return std::nullopt;
  }
  part.entries.splice(part.entries.begin(), part.entries, entry);
  return entry->principal;
}

void TokenCache::Put(const Digest& token, const Principal& principal, absl::Time until,
                     uint64_t generation) {
  Part& part = PartOf(token);
  const std::lock_guard lock(part.mutex);
  if (const auto found = part.index.find(token); found != part.index.end()) {
    part.entries.erase(found->second);
    part.index.erase(found);
  }
  if (part.entries.size() >= capacity_of_part_) {
    part.index.erase(part.entries.back().token);
    part.entries.pop_back();
  }
  part.entries.push_front({token, principal, until, generation});
  part.index.emplace(token, part.entries.begin());
}

size_t TokenCache::size() const {
  size_t size = 0;
  for (const Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    size += part.entries.size();
  }
  return size;
}

}  // namespace okr::auth
