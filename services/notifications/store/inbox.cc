#include "services/notifications/store/inbox.h"

#include "common/postgres/sqlstate.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "notifications_sql.h"

namespace okr::notifications {
namespace {

constexpr postgres::Statement kList{"notifications.list", sql::kListNotifications};
constexpr postgres::Statement kListUnread{"notifications.list_unread",
                                          sql::kListUnreadNotifications};
constexpr postgres::Statement kCountUnread{"notifications.count_unread",
                                           sql::kCountUnreadNotifications};

absl::StatusOr<InboxPage> ListOn(postgres::Connection& connection, const InboxQuery& query,
                                 absl::Time deadline) {
  const absl::string_view organization = query.person.organization_id();
  const absl::string_view person = query.person.relative();
  connection.Enqueue(postgres::kSwitchOrganization, postgres::Params().Text(organization));
  connection.Enqueue(query.unread_only ? kListUnread : kList, postgres::Params()
                                                                  .Text(organization)
                                                                  .Text(person)
                                                                  .Int64(query.after.create_micros)
                                                                  .Text(query.after.name)
                                                                  .Int64(query.limit));
  connection.Enqueue(kCountUnread, postgres::Params().Text(organization).Text(person));
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection.Flush(deadline));
  InboxPage page{.unread_count = results[2].GetInt64(0, 0)};
  for (int row = 0; row < results[1].rows(); ++row) {
    const absl::string_view body = results[1].GetBytes(row, 0);
    if (!page.notifications.emplace_back().ParseFromArray(body.data(),
                                                          static_cast<int>(body.size()))) {
      return absl::InternalError("a stored notification cannot be read");
    }
  }
  return page;
}

}  // namespace

absl::StatusOr<InboxPage> Inbox::List(const InboxQuery& query, absl::Time deadline) const {
  absl::StatusOr<InboxPage> page;
  // A connection that was lost since its last use is worth one more try.
  for (int attempt = 0; attempt < 2; ++attempt) {
    OKR_ASSIGN_OR_RETURN(const postgres::ConnectionPool::Lease connection, pool_.Acquire(deadline));
    page = ListOn(*connection, query, deadline);
    if (!postgres::IsConnectionLost(page.status())) break;
  }
  return page;
}

absl::StatusOr<InboxKey> KeyOf(const v1::Notification& notification) {
  OKR_ASSIGN_OR_RETURN(const NotificationName name, NotificationName::Parse(notification.name()));
  return InboxKey{.create_micros = absl::ToUnixMicros(FromTimestamp(notification.create_time())),
                  .name = std::string(name.relative())};
}

}  // namespace okr::notifications
