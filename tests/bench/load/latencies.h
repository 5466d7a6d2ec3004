// Times that were measured, all of them, so that quantiles are exact.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace okr::bench {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;

inline Clock::duration Seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// Not thread-safe.
class Latencies {
 public:
  void Add(Clock::duration duration) { nanoseconds_.push_back(duration.count()); }
  void Add(const Latencies& others);
  size_t size() const { return nanoseconds_.size(); }

  // The least time that at least this share (0 to 1) of all did not exceed, in microseconds; 0 if
  // there are none.
  double Quantile(double share);

 private:
  std::vector<int64_t> nanoseconds_;
};

}  // namespace okr::bench
