// Applies events in transactions that also move the consumer's position. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/event_spans.h"
#include "common/events/handler.h"
#include "common/events/position.h"
#include "common/postgres/connection.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// Not thread-safe.
class Applier {
 public:
  using Events = absl::Span<const okr::events::v1::Event>;

  struct Outcome {
    LogPosition stored;   // What the row of the position says now, if the status is OK.
    size_t handled = 0;   // So many of the first events were applied or parked here, for good.
    size_t parked = 0;    // Of these, so many were parked.
    absl::Status status;  // OK, or a transient error; then `handled` still counts.
  };

  Applier(std::string source, Handler& handler, EventTracing tracing = {})
      : source_(std::move(source)), handler_(handler), tracing_(std::move(tracing)) {}

  // `events` are contiguous. Those up to the stored position, and those after a gap behind it, are
  // left alone: compare `stored` then.
  Outcome Apply(postgres::Connection& connection, int32_t shard, Events events);

  // Applies the first parked event behind `place` and forgets it. Where it still cannot be applied
  // it stays, the log tells, and `place` moves behind its subject; all before a place was tried. A
  // transient error changes nothing.
  struct ParkedPlace {
    int32_t shard = -1;
    std::string subject;
  };
  enum class Replayed { kApplied, kStays, kNoneLeft };
  absl::StatusOr<Replayed> ReplayNext(postgres::Connection& connection, ParkedPlace& place);

 private:
  struct Locked {
    LogPosition position;
    absl::flat_hash_set<std::string> parked_subjects;
  };

  absl::StatusOr<Locked> Lock(postgres::Connection& connection, int32_t shard, Events events);
  Outcome Try(postgres::Connection& connection, int32_t shard, Events events, EventSpans& spans);
  absl::Status Store(postgres::Transaction& transaction, int32_t shard, Events events,
                     const Locked& locked, EventSpans& spans, Outcome& outcome);
  absl::Status StoreApart(postgres::Connection& connection, postgres::Transaction& transaction,
                          int32_t shard, Events events, const Locked& locked, EventSpans& spans,
                          Outcome& outcome);
  Outcome Park(postgres::Connection& connection, int32_t shard, Events event,
               const absl::Status& error);
  void EnqueuePark(postgres::Transaction& transaction, int32_t shard,
                   const std::vector<const okr::events::v1::Event*>& events,
                   absl::string_view error);
  void EnqueueMove(postgres::Transaction& transaction, int32_t shard, const LogPosition& to);
  absl::Status ReplayFirst(postgres::Connection& connection, const ParkedPlace& place,
                           Events event);

  const std::string source_;
  Handler& handler_;
  const EventTracing tracing_;
};

}  // namespace okr::events
