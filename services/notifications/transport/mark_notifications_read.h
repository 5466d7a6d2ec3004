// MarkNotificationsRead.
#pragma once

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/store/view.h"
#include "okr/notifications/v1/notifications_service.pb.h"

namespace okr::notifications {

// Pure, see service::Decide.
absl::Status MarkNotificationsRead(const rpc::Call& call,
                                   const v1::MarkNotificationsReadRequest& request,
                                   store::View& view, v1::MarkNotificationsReadResponse& response);

}  // namespace okr::notifications
