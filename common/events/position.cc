#include "common/events/position.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/digits/digits.h"

namespace okr::events {
std::string LogPosition::ToEntryId() const { return absl::StrCat(epoch, "-", position); }

std::optional<LogPosition> LogPosition::FromEntryId(absl::string_view id) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(id, absl::MaxSplits('-', 1));
  LogPosition at;
  if (!ParseDigits(parts.first, &at.epoch) || !ParseDigits(parts.second, &at.position)) {
    return std::nullopt;
  }
  return at;
}

Position FromProto(const okr::events::v1::Position& position) {
  return {.source = position.source(),
          .epoch = position.epoch(),
          .shard = position.shard(),
          .position = position.position()};
}

okr::events::v1::Position ToProto(absl::string_view source, int32_t shard, const LogPosition& at) {
  okr::events::v1::Position proto;
  proto.set_source(std::string(source));
  proto.set_epoch(at.epoch);
  proto.set_shard(shard);
  proto.set_position(at.position);
  return proto;
}

okr::events::v1::Position ToProto(const Position& position) {
  return ToProto(position.source, position.shard, position.at());
}

LogPosition PositionOf(const okr::events::v1::Event& event) {
  return {.epoch = event.position().epoch(), .position = event.position().position()};
}

std::string StreamName(absl::string_view source, int32_t shard) {
  return absl::StrCat("okr:{", source, "-", shard, "}:events");
}

absl::string_view OrganizationIdOf(absl::string_view name) {
  constexpr absl::string_view kPrefix = "organizations/";
  if (!absl::StartsWith(name, kPrefix)) return "";
  name.remove_prefix(kPrefix.size());
  return name.substr(0, name.find('/'));
}

}  // namespace okr::events
