// Calls that wait until a consumer has got to a position. Internal to Consumer.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/events/position.h"
#include "common/postgres/connection.h"

namespace okr::events {

// Thread-safe. A thread of its own ends waits at their deadlines and, while somebody waits, looks
// every 20 ms how far other replicas have got.
class PositionWaiters {
 public:
  using Callback = std::function<void(absl::Status)>;

  PositionWaiters(postgres::Options database, std::string source);
  ~PositionWaiters();
  PositionWaiters(const PositionWaiters&) = delete;
  PositionWaiters& operator=(const PositionWaiters&) = delete;

  // The consumer has committed up to `at`.
  void Reached(int32_t shard, const LogPosition& at);

  // Calls back once: at once if `at` was reached, else from another thread: OK, DEADLINE_EXCEEDED /
  // STATE_NOT_REACHED, UNAVAILABLE / SHUTTING_DOWN, or what opening the database says while it is
  // away: nothing is reached without it.
  void WaitFor(int32_t shard, const LogPosition& at, absl::Time deadline, Callback callback);

  // Ends all waits.
  void Stop();

 private:
  struct Waiter {
    LogPosition at;
    absl::Time deadline;
    Callback callback;
  };
  struct Shard {
    LogPosition reached;
    std::vector<Waiter> waiters;
  };

  void Run();
  void Poll();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || waiting_ > 0; }
  // Takes out the waiters of a shard that `ends` says.
  std::vector<Waiter> Take(Shard& shard, const std::function<bool(const Waiter&)>& ends)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Expire();
  // Ends all waits with `status`.
  void Fail(const absl::Status& status);

  const postgres::Options database_;
  const std::string source_;
  std::unique_ptr<postgres::Connection> connection_;  // Of the thread.
  absl::Time next_connect_ = absl::InfinitePast();
  absl::Mutex mutex_;
  std::map<int32_t, Shard> shards_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace okr::events
