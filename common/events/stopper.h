// Ends a thread's loop and its waits. Internal.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace okr::events {

// Thread-safe.
class Stopper {
 public:
  void Stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }
  // Ends the present wait, or the next one if there is none.
  void Wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  // Until Stop, Wake or `timeout`; an hour at most.
  void Wait(absl::Duration timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, absl::ToChronoNanoseconds(std::min(timeout, absl::Hours(1))),
                      [this] { return stopped_ || woken_; });
    woken_ = false;
  }

 private:
  mutable std::mutex mutex_;  // Guards what follows.
  std::condition_variable changed_;
  bool stopped_ = false;
  bool woken_ = false;
};

}  // namespace okr::events
