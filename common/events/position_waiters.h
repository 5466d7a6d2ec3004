// Calls that wait until a consumer has got to a position. Internal to Consumer.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
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
  // Takes out the waiters of a shard that `ends` says, with mutex_ held.
  std::vector<Waiter> Take(Shard& shard, const std::function<bool(const Waiter&)>& ends);
  void Expire();
  // Ends all waits with `status`.
  void Fail(const absl::Status& status);

  const postgres::Options database_;
  const std::string source_;
  std::unique_ptr<postgres::Connection> connection_;  // Of the thread.
  absl::Time next_connect_ = absl::InfinitePast();
  std::mutex mutex_;  // Guards what follows, but for the thread.
  std::condition_variable changed_;
  std::map<int32_t, Shard> shards_;
  size_t waiting_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace okr::events
