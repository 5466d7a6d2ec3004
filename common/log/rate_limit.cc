#include "common/log/rate_limit.h"

#include <utility>

namespace okr::log {

std::optional<int64_t> RateLimit::Allow() {
  const absl::Time now = clock_.Now();
  const std::lock_guard lock(mutex_);
  if (now < next_) {
    ++suppressed_;
    return std::nullopt;
  }
  next_ = now + interval_;
  return std::exchange(suppressed_, 0);
}

}  // namespace okr::log
