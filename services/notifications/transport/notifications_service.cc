#include "services/notifications/transport/notifications_service.h"

#include "common/service/read.h"
#include "common/service/write.h"
#include "services/notifications/transport/list_notifications.h"
#include "services/notifications/transport/mark_notifications_read.h"

namespace okr::notifications {

void AddNotificationsService(service::Process& process, const Inbox& inbox) {
  rpc::Service& service =
      process.runtime().server().AddService("okr.notifications.v1.NotificationsService");
  const ListDeps deps{
      .reads = process.reads(), .inbox = inbox, .page_tokens = process.page_tokens()};
  service::AddRead<v1::ListNotificationsRequest, v1::ListNotificationsResponse>(
      process, service, "ListNotifications",
      [deps](const rpc::Call& call, const v1::ListNotificationsRequest& request) {
        return ListNotifications(deps, call, request);
      });
  service::AddWrite<v1::MarkNotificationsReadRequest, v1::MarkNotificationsReadResponse>(
      service, "MarkNotificationsRead", process.write_deps(), MarkNotificationsRead);
}

}  // namespace okr::notifications
