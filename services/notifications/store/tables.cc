#include "services/notifications/store/tables.h"

#include <string>
#include <vector>

#include "okr/notifications/v1/resources.pb.h"
#include "services/notifications/store/messages.h"

namespace okr::notifications {
namespace {

// Behind the projections, which are locked first.
constexpr int kRank = 10;

absl::StatusOr<Notification> Read(absl::string_view body) {
  v1::Notification message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return absl::InternalError("a stored notification cannot be read");
  }
  return FromProto(message);
}

std::vector<store::ColumnValue> ColumnsOf(const Notification& notification) {
  const std::string recipient(notification.name.person().relative());
  return {recipient, absl::ToUnixMicros(notification.create_time),
          notification.is_read() ? std::string() : recipient};
}

}  // namespace

const store::Table<Notification>& Notifications() {
  static const auto& table = *new store::Table<Notification>(
      {.name = "notifications",
       .rank = kRank,
       .columns = {{.name = "recipient"},
                   {.name = "create_time", .type = store::ColumnType::kInt64},
                   {.name = kUnread}}},
      {.parse = Read,
       .serialize = [](const Notification& notification,
                       int64_t) { return ToProto(notification).SerializeAsString(); },
       .columns = ColumnsOf});
  return table;
}

}  // namespace okr::notifications
