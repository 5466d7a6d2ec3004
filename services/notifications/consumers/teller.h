// Tells of runs of events: what the handlers of all followed services share.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/clock/clock.h"
#include "common/ids/uuid.h"
#include "common/postgres/transaction.h"
#include "common/store/apply.h"
#include "okr/events/v1/event.pb.h"
#include "services/notifications/consumers/created_notifications.h"
#include "services/notifications/consumers/telling.h"

namespace okr::notifications {

using Events = absl::Span<const okr::events::v1::Event>;

// What one event tells; pure, see store::Command::decide. Does nothing for events that tell
// nothing.
using Tell = std::function<absl::Status(Telling& telling)>;

// What writing needs; all must outlive the handler.
struct TellerDeps {
  const Clock& clock;
  UuidGenerator& ids;
  int shards = 8;
  // Where what was written stands in the log of this service; called after the commit.
  std::function<void(int32_t shard, int64_t position)> committed;
  CreatedNotifications* created = nullptr;  // Counts them; may be null.
};

// Of one transaction after the other; not thread-safe.
class Teller {
 public:
  explicit Teller(TellerDeps deps) : deps_(std::move(deps)) {}

  // Forgets the transaction before, which may have been rolled back.
  void Begin();
  // Puts what the events of one organization tell into the inboxes. The transaction must have been
  // switched to it. Events that speak of what is not known tell nobody of it, which is logged.
  absl::Status TellOf(postgres::Transaction& transaction, absl::string_view organization_id,
                      Events events, const Tell& tell);
  // Appends to the log that people were told; the last thing in the transaction.
  absl::Status Append(postgres::Transaction& transaction);
  void OnCommitted();

 private:
  const TellerDeps deps_;
  absl::Time now_;
  std::vector<store::Append> appends_;
  std::vector<Kind> created_;
  std::optional<store::LogPosition> appended_;
};

// Whether telling of this event needs anything that is known; most events tell nobody. Reads
// nothing.
absl::StatusOr<bool> Tells(const okr::events::v1::Event& event, const Tell& tell);

}  // namespace okr::notifications
