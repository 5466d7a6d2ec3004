// ListNotifications.
#pragma once

#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/store/reads.h"
#include "okr/notifications/v1/notifications_service.pb.h"
#include "services/notifications/store/inbox.h"

namespace okr::notifications {

// All must outlive the calls.
struct ListDeps {
  store::Reads& reads;
  const Inbox& inbox;
  const paging::PageTokenCodec& page_tokens;
};

absl::StatusOr<v1::ListNotificationsResponse> ListNotifications(
    const ListDeps& deps, const rpc::Call& call, const v1::ListNotificationsRequest& request);

}  // namespace okr::notifications
