// Keeps an error that repeats from filling the log.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace okr::log {

// At most one line each `interval`:
//   if (const auto suppressed = limit.Allow()) log::Error("...", {{"suppressed", *suppressed}});
// Thread-safe. `clock` must outlive it.
class RateLimit {
 public:
  explicit RateLimit(absl::Duration interval, const Clock& clock = SystemClock::Get())
      : interval_(interval), clock_(clock) {}

  // How many lines were held back since the last one; absent if this one shall be held back too.
  std::optional<int64_t> Allow();

 private:
  const absl::Duration interval_;
  const Clock& clock_;
  std::mutex mutex_;  // Guards what follows.
  absl::Time next_ = absl::InfinitePast();
  int64_t suppressed_ = 0;
};

}  // namespace okr::log
