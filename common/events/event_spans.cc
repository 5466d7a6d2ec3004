#include "common/events/event_spans.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/position.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

}  // namespace

EventSpans::EventSpans(const EventTracing& tracing, absl::string_view source, int32_t shard,
                       Events events)
    : tracing_(tracing), source_(source), shard_(shard), events_(events) {
  if (tracing_.tracer != nullptr) start_ = absl::Now();
}

std::vector<EventSpans::Begun> EventSpans::Begin(Events events) const {
  std::vector<Begun> begun;
  for (const v1::Event& event : events) {
    std::optional<TraceContext> parent = ParseTraceparent(event.traceparent());
    if (!parent || !parent->sampled) continue;
    TraceContext own = tracing_.tracer->Begin(*parent);
    begun.push_back({.event = &event, .parent = *std::move(parent), .own = std::move(own)});
  }
  return begun;
}

EventSpans::Events EventSpans::Enter(Events events) {
  if (tracing_.tracer == nullptr) return events;
  entered_ = Begin(events);
  if (entered_.empty()) return events;
  copies_.assign(events.begin(), events.end());
  for (Begun& begun : entered_) {
    v1::Event& copy = copies_[static_cast<size_t>(begun.event - events.data())];
    copy.set_traceparent(ToTraceparent(begun.own));
    begun.event = &copy;  // `events` may go before this ends.
  }
  return copies_;
}

void EventSpans::End(const absl::Status& status) {
  if (tracing_.tracer == nullptr) return;
  EndAll(entered_.empty() && !status.ok() ? Begin(events_) : entered_, status);
}

void EventSpans::EndAll(const std::vector<Begun>& all, const absl::Status& status) const {
  if (all.empty()) return;
  std::optional<trace::Span> transaction;
  if (events_.size() > 1) {
    transaction = trace::Span{
        .context = tracing_.tracer->Begin(all.front().own),
        .parent_id = all.front().own.span_id,
        .name = "okr.consume",
        .start = start_,
        .end = absl::Now(),
        .attributes = {{"db.system.name", "postgresql"},
                       {"messaging.batch.message_count", static_cast<int64_t>(events_.size())}},
        .failed = !status.ok()};
  }
  for (const Begun& begun : all) {
    trace::Span span = SpanOf(begun, status);
    if (transaction) {
      span.links = {transaction->context};
      transaction->links.push_back(begun.own);
    }
    tracing_.tracer->End(std::move(span));
  }
  if (transaction) tracing_.tracer->End(*std::move(transaction));
}

trace::Span EventSpans::SpanOf(const Begun& begun, const absl::Status& status) const {
  const v1::Event& event = *begun.event;
  return {.context = begun.own,
          .parent_id = begun.parent.span_id,
          .name = absl::StrCat("process ", event.type()),
          .kind = trace::Kind::kConsumer,
          .start = start_,
          .end = absl::Now(),
          .attributes = {{"messaging.system", "redis"},
                         {"messaging.operation.type", "process"},
                         {"messaging.destination.name", StreamName(source_, shard_)},
                         {"messaging.consumer.group.name", tracing_.service},
                         {"messaging.message.id", event.id()},
                         {"okr.event.type", event.type()},
                         {"okr.position", event.position().position()},
                         {"okr.organization", std::string(OrganizationIdOf(event.organization()))}},
          .failed = !status.ok()};
}

log::Context LogContextOf(const v1::Event& event) {
  return {.trace = ParseTraceparent(event.traceparent()).value_or(TraceContext()),
          .request_id = event.request_id()};
}

void LogApplied(absl::string_view source, int32_t shard, EventSpans::Events events) {
  if (!log::Default().Enabled(log::Severity::kDebug)) return;
  for (const v1::Event& event : events) {
    log::Debug("event applied",
               {{"source", source},
                {"shard", shard},
                {"position", event.position().position()},
                {"type", event.type()}},
               LogContextOf(event));
  }
}

}  // namespace okr::events
