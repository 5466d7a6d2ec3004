// The table of the inboxes, as a View shows it.
#pragma once

#include "common/store/table.h"
#include "services/notifications/domain/notification.h"

namespace okr::notifications {

// Column of Notifications(): relative name of the recipient until it is read, then empty.
inline constexpr char kUnread[] = "unread";

const store::Table<Notification>& Notifications();

}  // namespace okr::notifications
