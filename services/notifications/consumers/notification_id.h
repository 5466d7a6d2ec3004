// The id of a notification follows from what caused it, so that nobody is told the same twice.
#pragma once

#include "absl/strings/string_view.h"
#include "common/ids/uuid.h"
#include "common/names/names.h"
#include "services/notifications/domain/notification.h"

namespace okr::notifications {

// A UUID of version 8 (RFC 9562: made by a rule of one's own) from the SHA-256 of the three.
Uuid NotificationId(absl::string_view event_id, const PersonName& recipient, Kind kind);

}  // namespace okr::notifications
