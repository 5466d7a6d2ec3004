#include "common/events/handler.h"

#include <string>

#include "absl/strings/match.h"
#include "common/events/position.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

// Undefined tables, columns and functions, missing rights and internal errors of the server.
// Row-level security has the state of a missing right, but speaks of what was written.
bool IsWrongDatabase(const postgres::Failure& failure) {
  if (failure.sqlstate == "42501") {
    return !absl::StrContains(failure.message, "row-level security");
  }
  return absl::StartsWith(failure.sqlstate, "42") || absl::StartsWith(failure.sqlstate, "3F") ||
         absl::StartsWith(failure.sqlstate, "XX");
}

}  // namespace

bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnauthenticated:  // A token that just expired.
      return true;
    default:
      break;
  }
  const auto failure = postgres::FailureOf(status);
  return failure && (failure->connection_lost || failure->outcome_unknown || failure->timed_out ||
                     IsWrongDatabase(*failure));
}

absl::Status ForEachOrganization(
    postgres::Transaction& transaction, absl::Span<const okr::events::v1::Event> events,
    const std::function<absl::Status(absl::string_view, absl::Span<const okr::events::v1::Event>)>&
        apply) {
  while (!events.empty()) {
    const std::string& organization = events.front().organization();
    size_t count = 1;
    while (count < events.size() && events[count].organization() == organization) ++count;
    const absl::string_view id = OrganizationIdOf(organization);
    if (id.empty()) return absl::InvalidArgumentError("the event names no organization");
    transaction.SwitchOrganization(id);
    OKR_RETURN_IF_ERROR(apply(id, events.first(count)));
    events.remove_prefix(count);
  }
  return absl::OkStatus();
}

}  // namespace okr::events
