#include "common/events/applier.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/statements.h"
#include "common/failpoint/failpoint.h"
#include "common/log/logger.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using failpoint::FailPoint;

constexpr absl::Duration kBudget = absl::Seconds(10);

std::string DescribeError(const absl::Status& status) {
  return absl::StrCat(absl::StatusCodeToString(status.code()), ": ", postgres::LogDetailOf(status));
}

void LogStuck(absl::string_view message, absl::string_view source, const v1::Event& event,
              const absl::Status& error) {
  log::Error(message,
             {{"source", source},
              {"shard", event.position().shard()},
              {"position", event.position().position()},
              {"type", event.type()},
              {"subject", event.subject()},
              {"error", DescribeError(error)}},
             LogContextOf(event));
}

// Whether `bytes` are the event that stands there.
bool IsAt(int32_t shard, int64_t position, absl::string_view bytes, v1::Event* event) {
  return event->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
         event->position().shard() == shard && event->position().position() == position;
}

postgres::Params AfterPlace(absl::string_view source, const Applier::ParkedPlace& place) {
  return postgres::Params().Text(source).Int32(place.shard).Text(place.subject);
}

bool IsNext(const LogPosition& stored, const v1::Event& event) {
  const LogPosition at = PositionOf(event);
  return at > stored && at.position == stored.position + 1;
}

}  // namespace

Applier::Outcome Applier::Apply(postgres::Connection& connection, int32_t shard, Events events) {
  EventSpans spans(tracing_, source_, shard, events);
  Outcome whole = Try(connection, shard, events, spans);
  spans.End(whole.status);
  if (whole.status.ok() || IsTransient(whole.status)) return whole;
  if (events.size() == 1) return Park(connection, shard, events, whole.status);
  const size_t half = events.size() / 2;
  Outcome first = Apply(connection, shard, events.first(half));
  if (!first.status.ok() || first.handled < half) return first;
  Outcome second = Apply(connection, shard, events.subspan(half));
  second.handled += first.handled;
  second.parked += first.parked;
  return second;
}

// BEGIN, the lock and the parked subjects are one round trip. The lock is a statement of its own:
// what the next one sees was committed before the lock was had.
absl::StatusOr<Applier::Locked> Applier::Lock(postgres::Connection& connection, int32_t shard,
                                              Events events) {
  connection.Enqueue(kLockPosition, postgres::Params().Text(source_).Int32(shard));
  connection.Enqueue(kReadParkedSubjects,
                     postgres::Params().Text(source_).Int32(shard).TextArray(
                         events, [](const v1::Event& event) { return event.subject(); }));
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results,
                       connection.Flush(absl::Now() + kBudget));
  const postgres::Result& position = results[1];
  if (position.rows() != 1) return absl::UnavailableError("the consumer's position has no row");
  Locked locked{.position = {position.GetInt64(0, 0), position.GetInt64(0, 1)}};
  for (int row = 0; row < results[2].rows(); ++row) {
    locked.parked_subjects.emplace(results[2].GetText(row, 0));
  }
  return locked;
}

Applier::Outcome Applier::Try(postgres::Connection& connection, int32_t shard, Events events,
                              EventSpans& spans) {
  Outcome outcome;
  outcome.status = handler_.Prepare(events);
  if (!outcome.status.ok()) return outcome;
  failpoint::Reach(FailPoint::kConsumerPrepared);
  auto transaction = postgres::Transaction::Begin(connection, absl::Now() + kBudget);
  const absl::StatusOr<Locked> locked = Lock(connection, shard, events);
  outcome.status = locked.status();
  if (!locked.ok()) return outcome;
  outcome.stored = locked->position;
  if (!IsNext(locked->position, events.front())) return outcome;
  failpoint::Reach(FailPoint::kConsumerLocked);
  if (failpoint::Planted(failpoint::Fault::kConsumerPositionApart)) {
    outcome.status = StoreApart(connection, transaction, shard, events, *locked, spans, outcome);
  } else {
    outcome.status = Store(transaction, shard, events, *locked, spans, outcome);
  }
  return outcome;
}

// The planted fault: the position is final before the effect.
absl::Status Applier::StoreApart(postgres::Connection& connection,
                                 postgres::Transaction& transaction, int32_t shard, Events events,
                                 const Locked& locked, EventSpans& spans, Outcome& outcome) {
  EnqueueMove(transaction, shard, PositionOf(events.back()));
  OKR_RETURN_IF_ERROR(transaction.Commit());
  auto effect = postgres::Transaction::Begin(connection, absl::Now() + kBudget);
  return Store(effect, shard, events, locked, spans, outcome);
}

absl::Status Applier::Store(postgres::Transaction& transaction, int32_t shard, Events events,
                            const Locked& locked, EventSpans& spans, Outcome& outcome) {
  std::vector<v1::Event> free;
  std::vector<const v1::Event*> behind;
  Events to_apply = events;
  if (!locked.parked_subjects.empty()) {
    for (const v1::Event& event : events) {
      if (locked.parked_subjects.contains(event.subject())) {
        behind.push_back(&event);
      } else {
        free.push_back(event);
      }
    }
    to_apply = free;
  }
  const Events entered = spans.Enter(to_apply);
  if (!to_apply.empty()) OKR_RETURN_IF_ERROR(handler_.Apply(transaction, entered));
  failpoint::Reach(FailPoint::kConsumerApplied);
  if (!behind.empty()) failpoint::Reach(FailPoint::kParkingBehind);
  EnqueuePark(transaction, shard, behind, "an earlier event of this subject is parked");
  EnqueueMove(transaction, shard, PositionOf(events.back()));
  failpoint::ReachAfter(FailPoint::kConsumerMoved,
                        [&transaction] { transaction.Flush().IgnoreError(); });
  OKR_RETURN_IF_ERROR(transaction.Commit());
  failpoint::Reach(FailPoint::kConsumerCommitted);
  outcome.stored = PositionOf(events.back());
  outcome.handled = events.size();
  outcome.parked = behind.size();
  if (!to_apply.empty()) handler_.OnCommitted(to_apply);
  LogApplied(source_, shard, entered);
  return absl::OkStatus();
}

Applier::Outcome Applier::Park(postgres::Connection& connection, int32_t shard, Events event,
                               const absl::Status& error) {
  failpoint::Reach(FailPoint::kParkingBegun);
  Outcome outcome;
  const v1::Event& poisonous = event.front();
  auto transaction = postgres::Transaction::Begin(connection, absl::Now() + kBudget);
  const absl::StatusOr<Locked> locked = Lock(connection, shard, event);
  outcome.status = locked.status();
  if (!locked.ok()) return outcome;
  outcome.stored = locked->position;
  if (!IsNext(locked->position, poisonous)) return outcome;
  EnqueuePark(transaction, shard, {&poisonous}, DescribeError(error));
  EnqueueMove(transaction, shard, PositionOf(poisonous));
  outcome.status = transaction.Commit();
  if (!outcome.status.ok()) return outcome;
  failpoint::Reach(FailPoint::kParkingCommitted);
  LogStuck("an event cannot be applied and was parked", source_, poisonous, error);
  outcome.stored = PositionOf(poisonous);
  outcome.handled = 1;
  outcome.parked = 1;
  return outcome;
}

void Applier::EnqueuePark(postgres::Transaction& transaction, int32_t shard,
                          const std::vector<const v1::Event*>& events, absl::string_view error) {
  if (events.empty()) return;
  transaction.Enqueue(
      kParkEvents,
      postgres::Params()
          .Text(source_)
          .Int32(shard)
          .Int64Array(events, [](const v1::Event* event) { return event->position().position(); })
          .Int64Array(events, [](const v1::Event* event) { return event->position().epoch(); })
          .TextArray(events, [](const v1::Event* event) { return event->subject(); })
          .BytesArray(events, [](const v1::Event* event) { return event->SerializeAsString(); })
          .Text(error));
}

void Applier::EnqueueMove(postgres::Transaction& transaction, int32_t shard,
                          const LogPosition& to) {
  transaction.Enqueue(
      kMovePosition,
      postgres::Params().Text(source_).Int32(shard).Int64(to.epoch).Int64(to.position));
}

absl::StatusOr<Applier::Replayed> Applier::ReplayNext(postgres::Connection& connection,
                                                      ParkedPlace& place) {
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result next,
      connection.Execute(kNextParked, AfterPlace(source_, place), absl::Now() + kBudget));
  if (next.rows() == 0) return Replayed::kNoneLeft;
  ParkedPlace here{.shard = next.GetInt32(0, 0), .subject = std::string(next.GetText(0, 1))};
  std::vector<v1::Event> event(1);
  const bool readable = IsAt(here.shard, next.GetInt64(0, 2), next.GetBytes(0, 3), &event[0]);
  const absl::Status status = readable ? ReplayFirst(connection, place, event)
                                       : absl::DataLossError("the parked bytes are not this event");
  if (IsTransient(status)) return status;
  if (status.ok()) {
    log::Info("a parked event was applied",
              {{"source", source_},
               {"shard", here.shard},
               {"position", next.GetInt64(0, 2)},
               {"subject", here.subject}},
              LogContextOf(event[0]));
    return Replayed::kApplied;
  }
  LogStuck("a parked event still cannot be applied", source_, event[0], status);
  place = std::move(here);
  return Replayed::kStays;
}

// `event` is the first that is parked behind `place`.
absl::Status Applier::ReplayFirst(postgres::Connection& connection, const ParkedPlace& place,
                                  Events event) {
  OKR_RETURN_IF_ERROR(handler_.Prepare(event));
  const auto [shard, position] =
      std::pair(event[0].position().shard(), event[0].position().position());
  auto transaction = postgres::Transaction::Begin(connection, absl::Now() + kBudget);
  // The consumer's lock: no event of the shard is applied or parked meanwhile.
  OKR_RETURN_IF_ERROR(Lock(connection, shard, {}).status());
  OKR_ASSIGN_OR_RETURN(const postgres::Result first,
                       transaction.Execute(kNextParked, AfterPlace(source_, place)));
  if (first.rows() == 0 || first.GetInt32(0, 0) != shard || first.GetInt64(0, 2) != position) {
    return absl::AbortedError("another replica applied it");
  }
  EventSpans spans(tracing_, source_, shard, event);
  OKR_RETURN_IF_ERROR(handler_.Apply(transaction, spans.Enter(event)));
  transaction.Enqueue(kDeleteParked, postgres::Params().Text(source_).Int32(shard).Int64(position));
  failpoint::ReachAfter(FailPoint::kReplayApplied,
                        [&transaction] { transaction.Flush().IgnoreError(); });
  OKR_RETURN_IF_ERROR(transaction.Commit());
  failpoint::Reach(FailPoint::kReplayCommitted);
  handler_.OnCommitted(event);
  spans.End(absl::OkStatus());
  return absl::OkStatus();
}

}  // namespace okr::events
