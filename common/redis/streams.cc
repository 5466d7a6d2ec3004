#include "common/redis/streams.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/redis/error.h"
#include "common/status/macros.h"

namespace okr::redis {
namespace {

absl::Status Malformed() { return absl::InternalError("Redis answered in an unknown form"); }

// An entry is [id, [name, value, name, value, ...]].
absl::StatusOr<StreamEntry> ParseEntry(absl::string_view stream, const Reply& reply) {
  if (reply.size() != 2) return Malformed();
  StreamEntry entry{.stream = std::string(stream), .id = std::string(reply[0].text())};
  const Reply fields = reply[1];
  for (size_t i = 0; i + 1 < fields.size(); i += 2) {
    entry.fields.emplace_back(fields[i].text(), fields[i + 1].text());
  }
  return entry;
}

}  // namespace

std::optional<absl::string_view> StreamEntry::Field(absl::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [name](const auto& field) { return field.first == name; });
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<std::vector<StreamEntry>> XRead(Client& client,
                                               const std::vector<StreamPosition>& positions,
                                               int count, absl::Duration block) {
  const std::string count_text = absl::StrCat(count);
  // BLOCK 0 would wait forever.
  const std::string block_text =
      absl::StrCat(std::max<int64_t>(1, absl::ToInt64Milliseconds(block)));
  Arguments command = {"XREAD", "COUNT", count_text};
  if (block > absl::ZeroDuration()) command.insert(command.end(), {"BLOCK", block_text});
  command.emplace_back("STREAMS");
  for (const StreamPosition& position : positions) command.emplace_back(position.stream);
  for (const StreamPosition& position : positions) command.emplace_back(position.last_id);
  OKR_ASSIGN_OR_RETURN(const Reply reply, client.Command(command, block));

  std::vector<StreamEntry> entries;
  for (size_t i = 0; i < reply.size(); ++i) {
    const Reply stream = reply[i];
    if (stream.size() != 2) return Malformed();
    const Reply listed = stream[1];
    for (size_t j = 0; j < listed.size(); ++j) {
      OKR_ASSIGN_OR_RETURN(StreamEntry entry, ParseEntry(stream[0].text(), listed[j]));
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

absl::StatusOr<std::optional<StreamEntry>> XRangeLast(Client& client, absl::string_view stream) {
  OKR_ASSIGN_OR_RETURN(const Reply reply,
                       client.Command({"XREVRANGE", stream, "+", "-", "COUNT", "1"}));
  if (reply.size() == 0) return std::nullopt;
  OKR_ASSIGN_OR_RETURN(StreamEntry entry, ParseEntry(stream, reply[0]));
  return entry;
}

absl::StatusOr<std::optional<std::string>> XLastId(Client& client, absl::string_view stream) {
  auto reply = client.Command({"XINFO", "STREAM", stream});
  if (!reply.ok()) {
    if (absl::StrContains(LogDetailOf(reply.status()), "no such key")) return std::nullopt;
    return reply.status();
  }
  for (size_t i = 0; i + 1 < reply->size(); i += 2) {
    if ((*reply)[i].text() == "last-generated-id") return std::string((*reply)[i + 1].text());
  }
  return Malformed();
}

}  // namespace okr::redis
