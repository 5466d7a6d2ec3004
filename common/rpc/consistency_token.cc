#include "common/rpc/consistency_token.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/digits/digits.h"
#include "common/status/error.h"

namespace okr::rpc {
namespace {

constexpr size_t kMaxTokens = 64;
constexpr size_t kMaxSourceSize = 32;

bool IsSource(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxSourceSize &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == absl::string_view::npos;
}

std::optional<ConsistencyToken> ParseOne(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  ConsistencyToken token;
  if (parts.size() != 4 || !IsSource(parts[0]) || !ParseDigits(parts[1], &token.epoch) ||
      !ParseDigits(parts[2], &token.shard) || !ParseDigits(parts[3], &token.position)) {
    return std::nullopt;
  }
  token.source = std::string(parts[0]);
  return token;
}

absl::Status Malformed() {
  return InvalidFields({{kConsistencyTokenKey,
                         "expected what an answer gave, source:epoch:shard:position, at most 64 "
                         "of them joined by commas"}});
}

}  // namespace

std::string FormatConsistencyTokens(const std::vector<ConsistencyToken>& tokens) {
  return absl::StrJoin(tokens, ",", [](std::string* out, const ConsistencyToken& token) {
    absl::StrAppend(out, token.source, ":", token.epoch, ":", token.shard, ":", token.position);
  });
}

absl::StatusOr<std::vector<ConsistencyToken>> ParseConsistencyTokens(absl::string_view text) {
  std::vector<ConsistencyToken> tokens;
  if (text.empty()) return tokens;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    std::optional<ConsistencyToken> token = ParseOne(part);
    if (!token.has_value() || tokens.size() == kMaxTokens) return Malformed();
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

}  // namespace okr::rpc
