// Ends a thread's loop and its waits. Internal.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace okr::events {

// Thread-safe.
class Stopper {
 public:
  void Stop() {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  bool stopped() const {
    absl::MutexLock lock(&mutex_);
    return stopped_;
  }
  // Ends the present wait, or the next one if there is none.
  void Wake() {
    absl::MutexLock lock(&mutex_);
    woken_ = true;
  }
  // Until Stop, Wake or `timeout`.
  void Wait(absl::Duration timeout) {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(this, &Stopper::ShallReturn), timeout);
    woken_ = false;
  }

 private:
  bool ShallReturn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopped_ || woken_; }

  mutable absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace okr::events
