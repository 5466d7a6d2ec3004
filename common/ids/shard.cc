#include "common/ids/shard.h"

#include "common/ids/digest.h"

namespace okr {

uint32_t ShardOf(absl::string_view organization_id, uint32_t shards) {
  const auto& bytes = Sha256(organization_id).bytes;
  const uint32_t prefix = static_cast<uint32_t>(bytes[0]) << 24 |
                          static_cast<uint32_t>(bytes[1]) << 16 |
                          static_cast<uint32_t>(bytes[2]) << 8 | static_cast<uint32_t>(bytes[3]);
  return prefix % shards;
}

}  // namespace okr
