// Which part of an event log an organization belongs to.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace okr {

// The first 4 bytes (big endian) of SHA-256 of the organization's id (without "organizations/"),
// modulo `shards`. `shards` is at least 1 and never changes after installation.
uint32_t ShardOf(absl::string_view organization_id, uint32_t shards);

}  // namespace okr
