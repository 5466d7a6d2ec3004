#include "cli/client/consistency_memory.h"

#include <filesystem>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/config/files.h"

namespace okr::cli {
namespace {

constexpr absl::Duration kKept = absl::Minutes(1);

}  // namespace

ConsistencyMemory::ConsistencyMemory(std::string path, const Clock& clock)
    : path_(std::move(path)), clock_(clock) {
  Load();
}

void ConsistencyMemory::Remember(absl::string_view tokens) {
  const auto parsed = rpc::ParseConsistencyTokens(tokens);
  if (!parsed.ok() || parsed->empty()) return;
  for (const rpc::ConsistencyToken& token : *parsed) Add(token, clock_.Now());
  Save();
}

std::string ConsistencyMemory::ToSend() const {
  std::vector<rpc::ConsistencyToken> tokens;
  for (const Entry& entry : entries_) {
    if (clock_.Now() - entry.time < kKept) tokens.push_back(entry.token);
  }
  return rpc::FormatConsistencyTokens(tokens);
}

void ConsistencyMemory::Forget() {
  entries_.clear();
  Save();
}

void ConsistencyMemory::Add(const rpc::ConsistencyToken& token, absl::Time time) {
  for (Entry& entry : entries_) {
    if (entry.token.source != token.source || entry.token.shard != token.shard) continue;
    if (std::tie(token.epoch, token.position) >=
        std::tie(entry.token.epoch, entry.token.position)) {
      entry = {token, time};
    }
    return;
  }
  entries_.push_back({token, time});
}

// One line an entry: "<Unix milliseconds> <token>".
void ConsistencyMemory::Load() {
  std::error_code ignored;
  if (path_.empty() || !std::filesystem::exists(path_, ignored)) return;
  const auto text = ReadFile(path_);
  if (!text.ok()) return;
  for (const absl::string_view line : absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
    int64_t milliseconds = 0;
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &milliseconds)) continue;
    const auto tokens = rpc::ParseConsistencyTokens(parts[1]);
    const absl::Time time = absl::FromUnixMillis(milliseconds);
    if (!tokens.ok() || clock_.Now() - time >= kKept) continue;
    for (const rpc::ConsistencyToken& token : *tokens) Add(token, time);
  }
}

void ConsistencyMemory::Save() const {
  if (path_.empty()) return;
  std::string text;
  for (const Entry& entry : entries_) {
    absl::StrAppend(&text, absl::ToUnixMillis(entry.time), " ",
                    rpc::FormatConsistencyTokens({entry.token}), "\n");
  }
  WriteFile(path_, text, 0600).IgnoreError();
}

}  // namespace okr::cli
