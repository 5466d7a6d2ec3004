#include "tests/bench/load/lags.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace okr::bench {

void Lags::Acknowledged(const std::string& name, Instant when) {
  const std::lock_guard lock(mutex_);
  Times& times = times_[name];
  times.acknowledged = when;
  times.is_acknowledged = true;
  if (!times.is_seen) ++missing_;
}

void Lags::Seen(const std::string& name, Instant when) {
  const std::lock_guard lock(mutex_);
  Times& times = times_[name];
  if (times.is_seen) return;
  times.seen = when;
  times.is_seen = true;
  if (times.is_acknowledged && --missing_ == 0) nothing_missing_.notify_all();
}

void Lags::AwaitAll(Instant deadline) {
  std::unique_lock lock(mutex_);
  nothing_missing_.wait_until(lock, deadline, [this] { return missing_ == 0; });
}

Measurement Lags::Measure(const Window& window) const {
  const std::lock_guard lock(mutex_);
  Measurement measurement{.window = window};
  for (const auto& [name, times] : times_) {
    if (!times.is_acknowledged || !window.Has(times.acknowledged)) continue;
    if (times.is_seen) {
      measurement.latencies.Add(std::max(Clock::duration::zero(), times.seen - times.acknowledged));
    } else {
      ++measurement.failures;
      measurement.first_error = absl::StrCat(name, " was never seen");
    }
  }
  const std::chrono::duration<double> seconds = window.end - window.begin;
  measurement.rate = static_cast<double>(measurement.latencies.size()) / seconds.count();
  return measurement;
}

}  // namespace okr::bench
