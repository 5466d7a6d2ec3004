// The spans of events that are applied, and what ties log lines to them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/log/logger.h"
#include "common/trace/tracer.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

// Who applies events.
struct EventTracing {
  std::string service;
  const trace::Tracer* tracer = nullptr;
};

// Of one try to apply a run of events in one transaction. Each sampled event gets a span in the
// trace that it came with. If there are several, the transaction is one more span, in the trace of
// the first, with links to all of them, as they have to it. Without a tracer it does nothing.
class EventSpans {
 public:
  using Events = absl::Span<const okr::events::v1::Event>;

  // `tracing` and `events` must outlive it.
  EventSpans(const EventTracing& tracing, absl::string_view source, int32_t shard, Events events);

  // The same events, each with the context of its own span: what the handler appends on account of
  // it carries the trace on. They live as long as this. Called once at most.
  Events Enter(Events events);
  // Once the try has ended. Spans are only made of what was entered, or if it failed.
  void End(const absl::Status& status);

 private:
  struct Begun {
    const okr::events::v1::Event* event;
    TraceContext parent;
    TraceContext own;
  };

  std::vector<Begun> Begin(Events events) const;
  void EndAll(const std::vector<Begun>& all, const absl::Status& status) const;
  trace::Span SpanOf(const Begun& begun, const absl::Status& status) const;

  const EventTracing& tracing_;
  const absl::string_view source_;
  const int32_t shard_;
  const Events events_;
  absl::Time start_;
  std::vector<okr::events::v1::Event> copies_;
  std::vector<Begun> entered_;
};

// Trace and request id that the event came with.
log::Context LogContextOf(const okr::events::v1::Event& event);
// At severity DEBUG, a line for each.
void LogApplied(absl::string_view source, int32_t shard, EventSpans::Events events);

}  // namespace okr::events
