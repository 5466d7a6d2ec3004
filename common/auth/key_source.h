// The present keys of one issuer, kept fresh in the background.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/key_fetcher.h"
#include "common/auth/key_set.h"
#include "common/log/rate_limit.h"

namespace okr::auth {

// Keys that were once read stay until a later reading gives others. Thread-safe.
class KeySource {
 public:
  struct Options {
    std::string issuer;                                   // For the log.
    absl::Duration look_interval = absl::Seconds(1);      // How often a local source is looked at.
    absl::Duration refresh_interval = absl::Minutes(10);  // How often a remote one is read.
    absl::Duration retry_interval = absl::Seconds(5);     // After a failure, and for unknown keys.
    bool background = true;                               // False: only Refresh reads.
    std::function<void()> on_change;                      // Called after the keys have changed.
  };

  // Reads a local source at once; a remote one is read by the background thread.
  KeySource(std::unique_ptr<KeyFetcher> fetcher, Options options);
  ~KeySource();
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;

  // Null while none were ever read.
  std::shared_ptr<const KeySet> keys() const;

  // A token names a key that is not there. A local source is read at once, at most once each look
  // interval; a remote one in the background, at most once each retry interval. True if a reading
  // is under way whose end is worth waiting for.
  bool RefreshForUnknownKey(absl::Time now);

  // Reads the source now. One thread at a time.
  absl::Status Refresh();

 private:
  void Run();
  void RefreshIfDue(absl::Time now);
  absl::Status Adopt(const std::string& jwks);

  const std::unique_ptr<KeyFetcher> fetcher_;
  const Options options_;
  log::RateLimit log_limit_;

  absl::Mutex refresh_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);  // Held while reading the source.
  std::string stamp_ ABSL_GUARDED_BY(refresh_mutex_);
  std::string text_ ABSL_GUARDED_BY(refresh_mutex_);  // Of the present keys.

  mutable absl::Mutex mutex_;
  std::shared_ptr<const KeySet> keys_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_unknown_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time next_refresh_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool requested_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace okr::auth
