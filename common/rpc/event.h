// Something that happens once, and that threads wait for.
#pragma once

#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace okr::rpc {

// Thread-safe. Of the standard library, as ThreadSanitizer does not see through the mutexes of a
// packaged Abseil.
class Event {
 public:
  void Set() {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    changed_.notify_all();  // Under the lock, as a waiter may destroy this at once.
  }
  bool IsSet() const {
    const std::lock_guard lock(mutex_);
    return happened_;
  }
  void Wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return happened_; });
  }
  // False if it did not happen in time.
  bool WaitFor(absl::Duration timeout) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, absl::ToChronoMicroseconds(timeout),
                             [this] { return happened_; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool happened_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace okr::rpc
