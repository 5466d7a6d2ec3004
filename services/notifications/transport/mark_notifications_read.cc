#include "services/notifications/transport/mark_notifications_read.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/resources/messages.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/notifications/domain/errors.h"
#include "services/notifications/store/tables.h"
#include "services/notifications/transport/inbox_owner.h"

namespace okr::notifications {
namespace {

constexpr int kMostNames = 1000;
constexpr size_t kMostMarked = 10'000;

// Seconds of 0001-01-01 and of the last one of 9999, between which a Timestamp lies.
constexpr int64_t kFirstSecond = -62'135'596'800;
constexpr int64_t kLastSecond = 253'402'300'799;

bool IsTimestamp(const google::protobuf::Timestamp& time) {
  return time.seconds() >= kFirstSecond && time.seconds() <= kLastSecond && time.nanos() >= 0 &&
         time.nanos() < 1'000'000'000;
}

void CheckName(const std::string& text, int index, const std::string& parent,
               Violations& violations) {
  const std::string field = absl::StrCat("names[", index, "]");
  const auto name = NotificationName::Parse(text, field);
  if (!name.ok()) {
    violations.AddFrom("", name.status());
    return;
  }
  const PersonName person = name->person();
  const bool is_below = person.ToString() == parent || absl::EndsWith(parent, "/people/me");
  if (!is_below) {
    violations.Add(
        field, absl::StrCat("is \"", text, "\", which is not below the parent \"", parent, "\""));
  }
}

absl::StatusOr<PersonName> CheckRequest(const v1::MarkNotificationsReadRequest& request) {
  Violations violations;
  auto parent = PersonName::Parse(request.parent(), "parent");
  if (!parent.ok()) violations.AddFrom("", parent.status());
  const bool has_names = !request.names().empty();
  if (has_names == request.has_all_before()) {
    violations.Add("names", has_names ? "must not be set together with all_before"
                                      : "must be set, or all_before in its place");
  }
  if (request.names_size() > kMostNames) {
    violations.Add("names", absl::StrCat("are ", request.names_size(), "; at most ", kMostNames,
                                         " are allowed in one call"));
  } else {
    for (int i = 0; i < request.names_size() && parent.ok(); ++i) {
      CheckName(request.names(i), i, request.parent(), violations);
    }
  }
  if (request.has_all_before() && !IsTimestamp(request.all_before())) {
    violations.Add("all_before", "is no time between the years 1 and 9999");
  }
  if (!violations.empty()) return violations.ToStatus();
  return parent;
}

// Whether it was unread.
bool Mark(store::View& view, absl::string_view name, const Notification& found) {
  if (found.is_read()) return false;
  Notification read = found;
  read.read_time = view.now();
  view.Put(Notifications(), name, std::move(read));
  return true;
}

absl::StatusOr<int> MarkNamed(store::View& view, const std::vector<NotificationName>& names) {
  for (const NotificationName& name : names) view.Want(Notifications(), name.relative());
  int marked = 0;
  for (const NotificationName& name : names) {
    OKR_ASSIGN_OR_RETURN(const auto found, view.Find(Notifications(), name.relative()));
    if (!found) return error::NotFound(name.ToString());
    if (Mark(view, name.relative(), *found)) ++marked;
  }
  return marked;
}

using Unread = std::vector<store::Selected<Notification>>;

// The oldest first, so that repeated calls come to an end.
int MarkUntil(store::View& view, Unread unread, absl::Time until) {
  std::sort(unread.begin(), unread.end(), [](const auto& a, const auto& b) {
    return std::tie(a.value->create_time, a.name) < std::tie(b.value->create_time, b.name);
  });
  int marked = 0;
  for (const auto& row : unread) {
    if (row.value->create_time > until || marked == static_cast<int>(kMostMarked)) break;
    if (Mark(view, row.name, *row.value)) ++marked;
  }
  return marked;
}

// Those of the person that the parent turned out to be; another's fails as if it were not there.
absl::StatusOr<std::vector<NotificationName>> NamesOf(
    const v1::MarkNotificationsReadRequest& request, const PersonName& person) {
  std::vector<NotificationName> names;
  for (const std::string& text : request.names()) {
    OKR_ASSIGN_OR_RETURN(NotificationName name, NotificationName::Parse(text));
    const bool says_me = name.person().id() == "me";
    if (says_me) name = NotificationName(person, name.id());
    if (name.person() != person) return error::NotFound(text);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

absl::Status MarkNotificationsRead(const rpc::Call& call,
                                   const v1::MarkNotificationsReadRequest& request,
                                   store::View& view, v1::MarkNotificationsReadResponse& response) {
  OKR_ASSIGN_OR_RETURN(const PersonName parent, CheckRequest(request));
  OKR_ASSIGN_OR_RETURN(const PersonName person, FindInboxOwner(view, call.principal, parent));
  OKR_ASSIGN_OR_RETURN(const std::vector<NotificationName> names, NamesOf(request, person));
  for (const NotificationName& name : names) view.Want(Notifications(), name.relative());
  OKR_ASSIGN_OR_RETURN(Unread unread,
                       view.Select(Notifications(), kUnread, std::string(person.relative())));
  const int unread_before = static_cast<int>(unread.size());
  int marked = 0;
  if (request.has_all_before()) {
    marked = MarkUntil(view, std::move(unread), FromTimestamp(request.all_before()));
  } else {
    OKR_ASSIGN_OR_RETURN(marked, MarkNamed(view, names));
  }
  response.set_marked_count(marked);
  response.set_unread_count(unread_before - marked);
  return absl::OkStatus();
}

}  // namespace okr::notifications
