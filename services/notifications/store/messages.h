// Between notifications and their public message.
#pragma once

#include "absl/status/statusor.h"
#include "okr/notifications/v1/resources.pb.h"
#include "services/notifications/domain/notification.h"

namespace okr::notifications {

v1::Notification ToProto(const Notification& notification);
// Trusts the message, which ToProto made: fails only if its name is not one.
absl::StatusOr<Notification> FromProto(const v1::Notification& message);

}  // namespace okr::notifications
