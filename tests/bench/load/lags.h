// How long after its acknowledgement something that was written is seen elsewhere.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <unordered_map>

#include "tests/bench/load/drive.h"
#include "tests/bench/load/latencies.h"

namespace okr::bench {

// Thread-safe.
class Lags {
 public:
  void Acknowledged(const std::string& name, Instant when);
  void Seen(const std::string& name, Instant when);

  // Waits until all that was acknowledged was seen, or the deadline.
  void AwaitAll(Instant deadline);

  // Of what was acknowledged in the window: the times until it was seen, zero if that came first;
  // what was never seen is a failure. Latencies of the acknowledgements themselves are not in it.
  Measurement Measure(const Window& window) const;

 private:
  struct Times {
    Instant acknowledged;
    Instant seen;
    bool is_acknowledged = false;
    bool is_seen = false;
  };

  mutable std::mutex mutex_;
  std::condition_variable nothing_missing_;
  std::unordered_map<std::string, Times> times_;
  int64_t missing_ = 0;
};

}  // namespace okr::bench
