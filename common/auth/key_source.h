// The present keys of one issuer, kept fresh in the background.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
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

  std::mutex refresh_mutex_;  // Held while reading the source; taken before mutex_.
  std::string stamp_;         // Guarded by refresh_mutex_.
  std::string text_;          // Of the present keys; guarded by refresh_mutex_.

  mutable std::mutex mutex_;  // Guards what follows.
  std::condition_variable wake_;
  std::shared_ptr<const KeySet> keys_;
  absl::Time last_unknown_ = absl::InfinitePast();
  absl::Time next_refresh_ = absl::InfinitePast();
  bool requested_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace okr::auth
