#include "common/clock/clock.h"

#include "absl/time/clock.h"

namespace okr {

absl::Time SystemClock::Now() const { return absl::Now(); }

const SystemClock& SystemClock::Get() {
  static const auto* const clock = new SystemClock;
  return *clock;
}

absl::Time FakeClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void FakeClock::Set(absl::Time now) {
  const std::lock_guard lock(mutex_);
  now_ = now;
}

void FakeClock::Advance(absl::Duration step) {
  const std::lock_guard lock(mutex_);
  now_ += step;
}

}  // namespace okr
