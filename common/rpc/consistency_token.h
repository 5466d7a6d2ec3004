// Where a write stands in the log of the service that made it, so that a later read can ask for a
// state that has it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::rpc {

// The metadata key, of requests and of trailing metadata alike.
inline constexpr char kConsistencyTokenKey[] = "okr-consistency-token";

// The key of trailing metadata with which a stream of events ends: the position after which to go
// on, in the form of one consistency token.
inline constexpr char kResumeAfterKey[] = "okr-resume-after";

struct ConsistencyToken {
  std::string source;    // The service, e.g. "goals".
  int64_t epoch = 0;     // Unix seconds at which this history of the log began.
  uint32_t shard = 0;    // Of the organization, see ShardOf.
  int64_t position = 0;  // Of the write's last event.

  bool operator==(const ConsistencyToken&) const = default;
};

// "goals:1700000000:3:41,scoring:1700000000:3:7".
std::string FormatConsistencyTokens(const std::vector<ConsistencyToken>& tokens);

// INVALID_FIELDS on "okr-consistency-token" unless it is the form above with at most 64 tokens;
// none for an empty text.
absl::StatusOr<std::vector<ConsistencyToken>> ParseConsistencyTokens(absl::string_view text);

}  // namespace okr::rpc
