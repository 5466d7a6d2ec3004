// The spans of calls, as the semantic conventions of OpenTelemetry name what is in them. Internal.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "common/trace/tracer.h"

namespace okr::rpc {

// Of a call that was served, and ended with `told`.
trace::Span ServerSpan(const Call& call, const absl::Status& told, absl::Duration took);

// Of a call to another service: `method` begins with '/'; `own` is the context that it was sent.
trace::Span ClientSpan(absl::string_view method, const TraceContext& parent,
                       const TraceContext& own, const absl::Status& status, absl::Time start,
                       absl::Time end);

}  // namespace okr::rpc
