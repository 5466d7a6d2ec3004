// The token that a service shows to other services.
#pragma once

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace okr::auth {

// Reads it from a file, again when the file changes (looked at once a second, at most), as
// Kubernetes rotates such files. Thread-safe. `clock` must outlive it.
class ServiceTokenSource {
 public:
  explicit ServiceTokenSource(std::string path, const Clock& clock = SystemClock::Get());

  // The last one that could be read. UNAVAILABLE / SERVICE_UNAVAILABLE if there never was any.
  absl::StatusOr<std::string> Token();

 private:
  void Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  std::string stamp_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace okr::auth
