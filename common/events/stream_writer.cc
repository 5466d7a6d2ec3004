#include "common/events/stream_writer.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/failpoint/failpoint.h"
#include "common/redis/error.h"
#include "common/redis/streams.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

// KEYS[1] the stream; ARGV[1] the head that is expected; then id and event of each entry. Nothing
// can fail between the first XADD and the last: ids rise, and memory is checked by the first.
constexpr absl::string_view kAppendScript = R"lua(
local head = '0-0'
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then head = info[i + 1] end
  end
end
if head ~= ARGV[1] then return head end
for i = 2, #ARGV, 2 do
  redis.call('XADD', KEYS[1], ARGV[i], 'e', ARGV[i + 1])
end
return ARGV[#ARGV - 1]
)lua";

constexpr absl::string_view kComparison = "if head ~= ARGV[1] then return head end";

// As it is, but for a planted fault.
absl::string_view AppendScript() {
  if (!failpoint::Planted(failpoint::Fault::kPublishWithoutComparing)) return kAppendScript;
  static const std::string& blind =
      *new std::string(absl::StrReplaceAll(kAppendScript, {{kComparison, ""}}));
  return blind;
}

redis::ClientOptions QuickToReturn(const redis::Options& options) {
  redis::ClientOptions client{.connection = options};
  client.backoff = {.initial = absl::Milliseconds(50), .longest = absl::Seconds(1)};
  return client;
}

absl::StatusOr<LogPosition> ParseHead(absl::string_view id) {
  const auto at = LogPosition::FromEntryId(id);
  if (!at) return absl::InternalError(absl::StrCat("Redis gave the id ", id));
  return *at;
}

absl::StatusOr<LogPosition> HeadFromInfo(const redis::Reply& reply) {
  if (reply.type() == redis::Reply::Type::kError) {
    if (absl::StrContains(reply.text(), "no such key")) return LogPosition{};
    return reply.ToStatus();
  }
  for (size_t i = 0; i + 1 < reply.size(); i += 2) {
    if (reply[i].text() == "last-generated-id") return ParseHead(reply[i + 1].text());
  }
  return absl::InternalError("Redis answered XINFO in an unknown form");
}

}  // namespace

StreamWriter::StreamWriter(const redis::Options& options, std::string source)
    : source_(std::move(source)), client_(QuickToReturn(options)) {}

absl::StatusOr<std::map<int32_t, LogPosition>> StreamWriter::Heads(
    const std::vector<int32_t>& shards) {
  std::vector<std::string> names;
  names.reserve(shards.size());
  for (const int32_t shard : shards) names.push_back(StreamName(source_, shard));
  std::vector<redis::Arguments> commands;
  for (const std::string& name : names) commands.push_back({"XINFO", "STREAM", name});
  OKR_ASSIGN_OR_RETURN(const std::vector<redis::Reply> replies, client_.Pipeline(commands));
  std::map<int32_t, LogPosition> heads;
  for (size_t i = 0; i < shards.size(); ++i) {
    OKR_ASSIGN_OR_RETURN(heads[shards[i]], HeadFromInfo(replies[i]));
  }
  return heads;
}

absl::StatusOr<std::optional<std::string>> StreamWriter::LastEventId(int32_t shard) {
  OKR_ASSIGN_OR_RETURN(const auto entry, redis::XRangeLast(client_, StreamName(source_, shard)));
  if (!entry) return std::nullopt;
  const auto bytes = entry->Field("e");
  okr::events::v1::Event event;
  if (!bytes || !event.ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) return "";
  return event.id();
}

absl::StatusOr<LogPosition> StreamWriter::Append(int32_t shard, const LogPosition& expected,
                                                 absl::Span<const okr::events::v1::Event> events) {
  static const auto* const script = new redis::Script(AppendScript());
  std::vector<std::string> texts = {expected.ToEntryId()};
  for (const okr::events::v1::Event& event : events) {
    texts.push_back(PositionOf(event).ToEntryId());
    texts.push_back(event.SerializeAsString());
  }
  const std::vector<absl::string_view> arguments(texts.begin(), texts.end());
  const std::string stream = StreamName(source_, shard);
  OKR_ASSIGN_OR_RETURN(const redis::Reply head, client_.Eval(*script, {stream}, arguments));
  return ParseHead(head.text());
}

absl::Status StreamWriter::CheckKeepsAll() {
  const auto policy = client_.ConfigGet("maxmemory-policy");
  if (!policy.ok()) {
    // Managed servers refuse the command.
    return absl::IsUnavailable(policy.status()) ? policy.status() : absl::OkStatus();
  }
  if (!policy->has_value() || **policy == "noeviction") return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("Redis has maxmemory-policy ", **policy,
                   " and may drop events when its memory is full; set it to noeviction"));
}

}  // namespace okr::events
