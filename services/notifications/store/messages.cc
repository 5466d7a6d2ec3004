#include "services/notifications/store/messages.h"

#include "common/resources/messages.h"
#include "common/status/macros.h"

namespace okr::notifications {

v1::Notification ToProto(const Notification& notification) {
  v1::Notification message;
  message.set_name(notification.name.ToString());
  message.set_kind(static_cast<v1::NotificationKind>(notification.kind));
  message.set_title(notification.title);
  message.set_body(notification.body);
  message.set_subject(notification.subject);
  message.set_actor(notification.actor);
  *message.mutable_event_time() = ToTimestamp(notification.event_time);
  *message.mutable_create_time() = ToTimestamp(notification.create_time);
  if (notification.read_time) {
    *message.mutable_read_time() = ToTimestamp(*notification.read_time);
  }
  return message;
}

absl::StatusOr<Notification> FromProto(const v1::Notification& message) {
  Notification notification;
  OKR_ASSIGN_OR_RETURN(notification.name, NotificationName::Parse(message.name()));
  notification.kind = static_cast<Kind>(message.kind());
  notification.title = message.title();
  notification.body = message.body();
  notification.subject = message.subject();
  notification.actor = message.actor();
  notification.event_time = FromTimestamp(message.event_time());
  notification.create_time = FromTimestamp(message.create_time());
  if (message.has_read_time()) notification.read_time = FromTimestamp(message.read_time());
  return notification;
}

}  // namespace okr::notifications
