// Looks at the key results whose time has come, and tells the log what became due or overdue.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/log/rate_limit.h"
#include "common/store/writer.h"
#include "services/checkins/store/lists.h"

namespace okr::checkins {

// Any number of timers may run at once, in one or several processes: the row of a key result is
// locked, looked at again and changed in the transaction that emits its event, so everything is
// told once. After a standstill each key result gets one event, not one for each missed date.
// Thread-safe.
class DueTimer {
 public:
  struct Options {
    absl::Duration interval = absl::Seconds(2);
    int page = 500;        // Key results found at once.
    size_t at_once = 100;  // Key results of one command.
  };

  // All must outlive it. The writer must not be stopped before the timer.
  DueTimer(Options options, const Clock& clock, Lists& lists, store::Writer& writer)
      : options_(options), clock_(clock), lists_(lists), writer_(writer) {}
  ~DueTimer();  // Stops.
  DueTimer(const DueTimer&) = delete;
  DueTimer& operator=(const DueTimer&) = delete;

  void Start();
  void Stop();
  // Looks now instead of at the next interval. Never blocks.
  void Wake();

  // One turn: looks at everything whose time has come. How many key results; the first error, if
  // any, after all others were tried. Also for tests, without Start.
  absl::StatusOr<int> Turn();

 private:
  void Run();
  void Warn(const absl::Status& error);
  absl::Status LookAtAll(const std::vector<ToLookAt>& rows);

  const Options options_;
  const Clock& clock_;
  Lists& lists_;
  store::Writer& writer_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;                        // Guarded by mutex_.
  bool woken_ = false;                           // Guarded by mutex_.
  log::RateLimit log_limit_{absl::Seconds(10)};  // Of the thread.
  std::thread thread_;
};

}  // namespace okr::checkins
