// The W3C trace context of a call (https://www.w3.org/TR/trace-context/).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace okr {

// Ids are lower-case hexadecimal: 32 and 16 characters; empty where there is no trace.
struct TraceContext {
  std::string trace_id;
  std::string span_id;
  bool sampled = false;

  bool empty() const { return trace_id.empty(); }
  bool operator==(const TraceContext&) const = default;
};

// Reads the value of a "traceparent" header. Absent if it is malformed or all zero: then a new
// trace begins, as the specification demands.
std::optional<TraceContext> ParseTraceparent(absl::string_view header);

// The header's value for a call made on behalf of `context`; empty if the context is.
std::string ToTraceparent(const TraceContext& context);

// A context of `parent`'s trace with a span of its own, or of a new trace without a parent. The
// caller gives 24 random bytes, at least.
TraceContext StartSpan(const std::optional<TraceContext>& parent, absl::string_view random_bytes);

}  // namespace okr
