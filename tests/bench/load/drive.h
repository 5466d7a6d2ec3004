// How load is put on: closed loop (so many calls in flight, the next one when one ends) and open
// loop (so many calls a second, whatever comes back).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "tests/bench/load/latencies.h"

namespace okr::bench {

// One kind of call. Send is thread-safe.
class Workload {
 public:
  using Done = std::function<void(const absl::Status&)>;
  virtual ~Workload() = default;
  // Begins one call, and calls `done` once when it ended, on any thread. In a closed loop `done`
  // may not be called before this returns.
  virtual void Send(Done done) = 0;
};

struct Timing {
  Clock::duration warm_up = Seconds(10);
  Clock::duration measured = Seconds(30);
};

// The part of a run that counts.
struct Window {
  Instant begin;
  Instant end;
  bool Has(Instant instant) const { return begin <= instant && instant < end; }
};

struct Measurement {
  Window window;
  Latencies latencies;  // Of the calls that succeeded.
  int64_t failures = 0;
  std::string first_error;
  double rate = 0;  // Calls that succeeded in a second.
};

// Counts the calls that end in the window.
Measurement RunClosedLoop(Workload& workload, int in_flight, const Timing& timing);

// Counts the calls that are due in the window, from the time when they were to be sent: a call that
// could only be sent late is late. Returns when all have ended.
Measurement RunOpenLoop(Workload& workload, double calls_a_second, const Timing& timing);

}  // namespace okr::bench
