// What the gate in front of all handlers is made of.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/clock/clock.h"
#include "common/ids/uuid.h"
#include "common/rpc/call.h"
#include "common/trace/tracer.h"

namespace okr::rpc {

// Points at which others take part in every call. All are called by many threads at once; an empty
// one is left out.
struct Hooks {
  // A call came in: only its method, times, trace and peer are known yet.
  std::function<void(const Call&)> on_start;
  // The call of an on_start has ended; `status` is what the client was told.
  std::function<void(const Call&, const absl::Status& status, absl::Duration took)> on_finish;
  // What of an error must only be seen in the log, e.g. postgres::LogDetailOf.
  std::function<std::string(const absl::Status&)> log_detail;
  // Calls `done` once, from any thread, when the state that the tokens tell of is reached, or with
  // an error (STATE_NOT_REACHED) at the call's deadline. Must not block. Only called if there are
  // tokens; without this hook tokens are ignored. `call` lives until `done` was called.
  std::function<void(const Call& call, const std::vector<ConsistencyToken>& tokens,
                     std::function<void(absl::Status)> done)>
      wait_for_consistency;
};

struct GateOptions {
  // Who holds the token, e.g. TokenVerifier::Verify. Thread-safe and must not block.
  std::function<absl::StatusOr<auth::Principal>(absl::string_view token, absl::Time now)>
      authenticate;
  const Clock* clock = &SystemClock::Get();
  RandomSource random = SecureRandom();        // Of request and trace ids.
  absl::Duration budget = absl::Seconds(30);   // Of a unary call.
  size_t max_request_bytes = size_t{4} << 20;  // At most 16 MiB.
  const trace::Tracer* tracer = nullptr;       // Gets a span of each sampled call.
  double trace_sample_ratio = 0;               // Of calls that come without a trace.
  Hooks hooks;
};

}  // namespace okr::rpc
