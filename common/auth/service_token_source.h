// The token that a service shows to other services.
#pragma once

#include <mutex>
#include <string>

#include "absl/status/statusor.h"
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
  void Read();  // With mutex_ held.

  const std::string path_;
  const Clock& clock_;
  std::mutex mutex_;  // Guards what follows.
  std::string token_;
  std::string stamp_;
  absl::Time next_look_ = absl::InfinitePast();
};

}  // namespace okr::auth
