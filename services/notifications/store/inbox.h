// Pages of a person's inbox, latest first.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/names/names.h"
#include "common/postgres/pool.h"
#include "okr/notifications/v1/resources.pb.h"

namespace okr::notifications {

// Where a page begins: behind this one.
struct InboxKey {
  int64_t create_micros = std::numeric_limits<int64_t>::max();
  std::string name;  // Relative.
};

struct InboxQuery {
  PersonName person;
  bool unread_only = false;
  InboxKey after;
  int limit = 50;
};

struct InboxPage {
  std::vector<v1::Notification> notifications;
  int64_t unread_count = 0;  // Of the whole inbox.
};

// Thread-safe. `pool` must outlive it.
class Inbox {
 public:
  explicit Inbox(postgres::ConnectionPool& pool) : pool_(pool) {}

  // Blocks.
  absl::StatusOr<InboxPage> List(const InboxQuery& query, absl::Time deadline) const;

 private:
  postgres::ConnectionPool& pool_;
};

// The place of a notification in the inbox.
absl::StatusOr<InboxKey> KeyOf(const v1::Notification& notification);

}  // namespace okr::notifications
