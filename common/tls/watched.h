// Certificates that others replace while we run, as cert-manager and the kubelet do.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/tls/files.h"

namespace okr::tls {

// Thread-safe. Files that cannot be used are told of in the log once, and what was there before
// stays in use until they can. A certificate of our own that ends within a week is told of in the
// log, at most once a day.
class Watched {
 public:
  // `use` names them in the log, e.g. "server". See Read for errors.
  static absl::StatusOr<std::shared_ptr<Watched>> Open(std::string use, Files files,
                                                       const Clock& clock = SystemClock::Get());

  // What to use for the next connection. Looks at the files, which takes some microseconds. The
  // same object while nothing has changed.
  std::shared_ptr<const Material> Now();

  const std::string& use() const { return use_; }
  // When our own certificate ends; InfiniteFuture without one.
  absl::Time Expiry();

 private:
  Watched(std::string use, Files files, const Clock& clock);
  void Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WarnOfTheEnd() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string use_;
  const Files files_;
  const Clock& clock_;
  std::mutex mutex_;
  std::string stamp_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Material> material_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_warning_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace okr::tls
