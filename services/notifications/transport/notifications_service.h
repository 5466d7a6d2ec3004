// Registers okr.notifications.v1.NotificationsService.
#pragma once

#include "common/service/process.h"
#include "services/notifications/store/inbox.h"

namespace okr::notifications {

// Before the server starts; both must outlive it.
void AddNotificationsService(service::Process& process, const Inbox& inbox);

}  // namespace okr::notifications
