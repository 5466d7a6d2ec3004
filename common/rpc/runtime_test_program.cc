// The smallest service that there can be; runtime_test.cc runs it.
#include "common/rpc/runtime.h"
#include "okr/notifications/v1/notifications_service.pb.h"

namespace v1 = okr::notifications::v1;

int main(int argc, char** argv) {
  okr::rpc::Runtime runtime("okr-test", "Counts nothing.");
  int unread = 0;
  runtime.schema().Int("unread", &unread, 0, 1000).Help("What ListNotifications tells");
  if (const auto exit_code = runtime.Start(argc, argv)) return *exit_code;
  using List = okr::rpc::UnaryCall<v1::ListNotificationsRequest, v1::ListNotificationsResponse>;
  okr::rpc::Service& service =
      runtime.server().AddService("okr.notifications.v1.NotificationsService");
  service.Async<v1::ListNotificationsRequest, v1::ListNotificationsResponse>(
      "ListNotifications", [unread](const std::shared_ptr<List>& call) {
        call->response().set_unread_count(unread);
        call->Finish(absl::OkStatus());
      });
  service.Blocking<v1::MarkNotificationsReadRequest, v1::MarkNotificationsReadResponse>(
      "MarkNotificationsRead", [](const okr::rpc::Call&, const v1::MarkNotificationsReadRequest&) {
        return v1::MarkNotificationsReadResponse();
      });
  return runtime.Run();
}
