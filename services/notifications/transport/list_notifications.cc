#include "services/notifications/transport/list_notifications.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/paging/page_size.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/notifications/transport/inbox_owner.h"

namespace okr::notifications {
namespace {

paging::PageScope ScopeOf(const rpc::Call& call, const v1::ListNotificationsRequest& request) {
  return {.method = std::string(call.method),
          .parent = request.parent(),
          .filter = request.unread_only() ? "unread_only" : "",
          .caller = call.principal.subject};
}

std::optional<InboxKey> KeyFrom(const paging::PageKey& key) {
  InboxKey after;
  if (key.size() != 2 || !absl::SimpleAtoi(key[0], &after.create_micros)) return std::nullopt;
  after.name = key[1];
  return after;
}

// What the request asks for, of the person that `parent` is; all wrong fields at once.
absl::StatusOr<InboxQuery> ParseQuery(const ListDeps& deps, const rpc::Call& call,
                                      const v1::ListNotificationsRequest& request) {
  Violations violations;
  InboxQuery query{.unread_only = request.unread_only()};
  if (auto parent = PersonName::Parse(request.parent(), "parent"); parent.ok()) {
    query.person = *std::move(parent);
  } else {
    violations.AddFrom("", parent.status());
  }
  const auto page_size = paging::EffectivePageSize(request.page_size());
  if (page_size.ok()) {
    query.limit = *page_size;
  } else {
    violations.AddFrom("", page_size.status());
  }
  const auto key = deps.page_tokens.Decode(ScopeOf(call, request), request.page_token());
  if (!key.ok()) {
    violations.AddFrom("", key.status());
  } else if (key->has_value()) {
    if (const auto after = KeyFrom(**key)) {
      query.after = *after;
    } else {
      violations.Add("page_token", "is not one that this list gave");
    }
  }
  if (!violations.empty()) return violations.ToStatus();
  return query;
}

}  // namespace

absl::StatusOr<v1::ListNotificationsResponse> ListNotifications(
    const ListDeps& deps, const rpc::Call& call, const v1::ListNotificationsRequest& request) {
  OKR_ASSIGN_OR_RETURN(InboxQuery query, ParseQuery(deps, call, request));
  const PersonName parent = query.person;
  OKR_RETURN_IF_ERROR(deps.reads.With(
      std::string(parent.organization_id()), call.deadline, [&](store::View& view) -> absl::Status {
        OKR_ASSIGN_OR_RETURN(query.person, FindInboxOwner(view, call.principal, parent));
        return absl::OkStatus();
      }));
  const size_t limit = static_cast<size_t>(query.limit);
  ++query.limit;  // One more tells whether there is another page.
  OKR_ASSIGN_OR_RETURN(InboxPage page, deps.inbox.List(query, call.deadline));

  v1::ListNotificationsResponse response;
  const bool has_more = page.notifications.size() > limit;
  if (has_more) page.notifications.resize(limit);
  if (has_more) {
    OKR_ASSIGN_OR_RETURN(const InboxKey last, KeyOf(page.notifications.back()));
    response.set_next_page_token(deps.page_tokens.Encode(
        ScopeOf(call, request), {absl::StrCat(last.create_micros), last.name}));
  }
  for (v1::Notification& notification : page.notifications) {
    *response.add_notifications() = std::move(notification);
  }
  response.set_unread_count(static_cast<int32_t>(
      std::min<int64_t>(page.unread_count, std::numeric_limits<int32_t>::max())));
  return response;
}

}  // namespace okr::notifications
