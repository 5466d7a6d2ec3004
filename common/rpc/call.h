// What a handler knows of the call that it serves, beside the request.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/log/logger.h"
#include "common/log/trace_context.h"
#include "common/rpc/consistency_token.h"

namespace okr::rpc {

class MethodMetrics;

struct Call {
  // "okr.goals.v1.GoalsService/CreateObjective"; lives as long as the service.
  absl::string_view method;
  auth::Principal principal;
  absl::Time now;  // When the call arrived.
  // The caller's deadline, at most the service's budget after `now`. A stream without a deadline
  // has absl::InfiniteFuture().
  absl::Time deadline = absl::InfiniteFuture();
  // The request's `request_id` if it has one of up to 64 characters; else a UUIDv7 made here. So a
  // store can always use it as the id of the write.
  std::string request_id;
  TraceContext trace;          // Of this call's own span.
  std::string parent_span_id;  // The caller's span; empty if the trace begins here.
  std::string peer;            // Address of the client, e.g. "ipv4:10.0.0.7:51234".
  // What the caller wants this answer to have seen; waited for before the handler runs.
  std::vector<ConsistencyToken> wanted;
  // Set by the handler before it finishes: where its writes stand. Sent as trailing metadata.
  std::vector<ConsistencyToken> written;

  MethodMetrics* metrics = nullptr;  // Of the method; set by the gate.

  // Ties a log line to this call.
  log::Context LogContext() const { return {.trace = trace, .request_id = request_id}; }
};

}  // namespace okr::rpc
