// Spans: what of a trace was done here, from when to when, for whom. See docs/tracing.md.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/log/trace_context.h"

namespace okr::trace {

enum class Kind { kInternal, kServer, kClient, kConsumer };

struct Attribute {
  const char* key;  // Lives as long as the program.
  std::variant<std::string, int64_t> value;
};

// A span that has ended. No personal data, no text of people and no tokens in any of it.
struct Span {
  TraceContext context;
  std::string parent_id;  // Empty where a trace begins.
  std::string name;
  Kind kind = Kind::kInternal;
  absl::Time start;
  absl::Time end;
  std::vector<Attribute> attributes;
  std::vector<TraceContext> links;  // Spans of other traces that this one has to do with.
  bool failed = false;
};

// Where spans go. Thread-safe.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  // Must not block.
  virtual void Take(Span span) = 0;
};

// Begins and ends spans of traces that are sampled. A null pointer to one stands for a process that
// tells nobody of its spans; with it, and for other traces, nothing is made. Thread-safe.
class Tracer {
 public:
  // `sink` must outlive it.
  Tracer(SpanSink& sink, RandomSource random) : sink_(sink), random_(std::move(random)) {}
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // A span of its own in the trace of `parent`.
  TraceContext Begin(const TraceContext& parent) const;
  void End(Span span) const { sink_.Take(std::move(span)); }

 private:
  SpanSink& sink_;
  const RandomSource random_;
};

// Whether a trace that begins here is among the share of `ratio` (0 to 1). By its id alone, so that
// all who ask for one ratio decide alike.
bool IsSampled(absl::string_view trace_id, double ratio);

}  // namespace okr::trace
