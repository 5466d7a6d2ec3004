#include "common/events/event_filter.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/events/position.h"
#include "common/ids/shard.h"
#include "common/names/names.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

constexpr int kMaxTypes = 100;

absl::Status CheckFields(const okr::events::v1::EventFilter& filter, bool whole_shards) {
  Violations violations;
  if (!filter.organization().empty()) {
    violations.AddFrom("filter",
                       OrganizationName::Parse(filter.organization(), "organization").status());
  } else if (!whole_shards) {
    violations.Add("filter.organization", "name the organization: organizations/{organization}");
  }
  if (filter.shard() < 0) violations.Add("filter.shard", "must not be negative");
  if (filter.types_size() > kMaxTypes) {
    violations.Add("filter.types",
                   absl::StrCat("at most ", kMaxTypes, ", not ", filter.types_size()));
  }
  const std::string& prefix = filter.subject_prefix();
  if (!prefix.empty() && (!absl::StartsWith(prefix, "organizations/") || prefix.back() == '/')) {
    violations.Add("filter.subject_prefix",
                   "must be a resource name: organizations/{organization}/...");
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<LogFilter> ToLogFilter(const auth::Principal& principal,
                                      const okr::events::v1::EventFilter& filter) {
  const bool whole_shards = principal.role == auth::Role::kService && principal.is_everywhere();
  OKR_RETURN_IF_ERROR(CheckFields(filter, whole_shards));
  LogFilter log_filter{.organization_id = std::string(OrganizationIdOf(filter.organization())),
                       .shard = filter.shard(),
                       .types = {filter.types().begin(), filter.types().end()},
                       .subject_prefix = filter.subject_prefix()};
  if (!whole_shards && log_filter.organization_id != principal.organization) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "the token belongs to another organization", {.reason = "WRONG_ORGANIZATION"});
  }
  return log_filter;
}

absl::StatusOr<int32_t> FindShard(const LogFilter& filter, const LogStates& states) {
  const int32_t shard = filter.organization_id.empty()
                            ? filter.shard
                            : static_cast<int32_t>(ShardOf(filter.organization_id,
                                                           static_cast<uint32_t>(states.size())));
  if (states.contains(shard)) return shard;
  return InvalidFields(
      {{"filter.shard", absl::StrCat("there is no shard ", shard, "; there are ", states.size())}});
}

absl::Status PositionUnknown(const LogPosition& at, const LogState& log) {
  return MakeError(absl::StatusCode::kOutOfRange,
                   absl::StrCat("the log has no position ", at.ToEntryId(), "; its head is ",
                                log.At(log.head.position).ToEntryId()),
                   {.reason = "POSITION_UNKNOWN", .metadata = {{"position", at.ToEntryId()}}});
}

}  // namespace okr::events
