// What a service does with the events of another.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/postgres/transaction.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// Called by one thread at a time. Events are of one shard, in order, of one or several
// organizations (see ForEachOrganization).
//
// Statuses: UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED, RESOURCE_EXHAUSTED and what
// IsTransient tells make the consumer wait and try again; any other means that an event can never
// be applied: the batch is split to find it, and it is parked.
class Handler {
 public:
  virtual ~Handler() = default;

  // Before the transaction: the place to ask other services for what the events speak of. May be
  // called several times for the same events.
  virtual absl::Status Prepare(absl::Span<const okr::events::v1::Event> events) {
    return absl::OkStatus();
  }

  // Stores the effect. Must not commit; may be called again for the same events after a rollback.
  virtual absl::Status Apply(postgres::Transaction& transaction,
                             absl::Span<const okr::events::v1::Event> events) = 0;

  // After the commit of what Apply did here.
  virtual void OnCommitted(absl::Span<const okr::events::v1::Event> events) {}

  // These were committed by another replica, or here by a commit whose reply was lost; some may
  // have been parked instead. With OnCommitted it tells of every event once, in order, from the
  // position that was stored when the consumer started.
  virtual void OnCommittedElsewhere(absl::Span<const okr::events::v1::Event> events) {}
};

// Whether trying again later may help: the network, a busy or stopping server, a conflict, or a
// database that is not as this program needs it (a missing table, column or right), which no event
// is to blame for.
bool IsTransient(const absl::Status& status);

// Calls `apply` with each run of consecutive events of one organization, after switching the
// transaction to it; stops at the first error.
absl::Status ForEachOrganization(
    postgres::Transaction& transaction, absl::Span<const okr::events::v1::Event> events,
    const std::function<absl::Status(absl::string_view organization_id,
                                     absl::Span<const okr::events::v1::Event> events)>& apply);

}  // namespace okr::events
