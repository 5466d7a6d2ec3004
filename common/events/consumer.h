// Follows the log of another service and applies its events, each exactly once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/backoff/backoff.h"
#include "common/events/applier.h"
#include "common/events/handler.h"
#include "common/events/lag_clock.h"
#include "common/events/log_source.h"
#include "common/events/position.h"
#include "common/events/position_waiters.h"
#include "common/events/stopper.h"
#include "common/events/stream_cursor.h"
#include "common/log/rate_limit.h"
#include "common/postgres/connection.h"
#include "common/redis/connection.h"
#include "common/trace/tracer.h"

namespace okr::events {

struct ConsumerOptions {
  std::string source;          // The service that is followed, e.g. "goals".
  postgres::Options database;  // Of this service, with the runtime role.
  redis::Options redis;
  // How long Redis may be away before the log is read from its owner instead.
  absl::Duration redis_patience = absl::Seconds(2);
  // How often the position is compared with the owner's head.
  absl::Duration head_interval = absl::Seconds(3);
  // How often the owner's log is read while Redis is away.
  absl::Duration poll_interval = absl::Milliseconds(250);
  // How long one read of the streams waits for news; Stop may take as long.
  absl::Duration block = absl::Milliseconds(500);
  // How often parked events are tried again, beside at the start.
  absl::Duration replay_interval = absl::Minutes(5);
  // Of a shard whose events cannot be applied for now.
  Backoff::Options backoff = {.initial = absl::Milliseconds(50), .longest = absl::Seconds(2)};
  int max_batch = 200;  // Events of one transaction.
  // From one look at the streams that found something to the next: a transaction costs much the
  // same for one event as for ten. What comes after a pause is applied at once.
  absl::Duration pace = absl::Milliseconds(10);
  std::string service;  // That follows; for spans.
  const trace::Tracer* tracer = nullptr;
};

// Any number of consumers of one source may run at once, in one or several processes: the row of a
// shard's position is lock, fence and deduplication in one.
//
// One thread reads and applies, in the order of each shard. Missing events are read from the
// owner's log; without Redis and without the owner it waits, and never skips. Thread-safe.
//
// Parked events are tried again after each start, since it nearly always takes another version of
// the program to apply them, and now and then: a replica of the old one may park until it ends.
class Consumer {
 public:
  // How far a shard is.
  struct Lag {
    int32_t shard = 0;
    LogPosition position;  // Applied, by this process or another.
    LogPosition head;      // Of the owner's log, as far as is known.
    // For how long the oldest that is not applied has been known; zero if there is nothing.
    absl::Duration duration;
  };

  // `handler` and `owner` must outlive it. Starts with Start.
  Consumer(ConsumerOptions options, Handler& handler, LogSource& owner);
  ~Consumer();  // Stops.
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  void Start();
  // Ends the thread after the transaction under way, and all waits with SHUTTING_DOWN.
  void Stop();

  // Calls back once, from any thread, also before it returns: OK when the events up to `at` were
  // applied or parked; DEADLINE_EXCEEDED / STATE_NOT_REACHED; UNAVAILABLE / SHUTTING_DOWN.
  void WaitFor(int32_t shard, const LogPosition& at, absl::Time deadline,
               std::function<void(absl::Status)> callback);

  // For metrics. Empty until the database was reached for the first time.
  std::vector<Lag> Lags() const;
  // Events that were parked by this process.
  int64_t parked() const { return parked_.load(); }
  // And those that it applied.
  int64_t applied() const { return applied_.load(); }
  // Events that are parked in the database, by whoever; as of the last comparison with the owner's
  // head. Nothing before the first.
  std::optional<int64_t> parked_in_database() const;

 private:
  using Events = absl::Span<const okr::events::v1::Event>;

  struct Shard {
    // Everything up to here was handed to the handler, or was stored before the start.
    LogPosition read;
    // The row in the database, as last seen. Ahead of `read` if another replica is.
    LogPosition stored;
    LogPosition head;
    LogPosition read_at_head_check;
    LagClock lag;
    absl::Time retry_at = absl::InfinitePast();
    Backoff backoff;
  };

  void Run();
  absl::Status EnsureReady();
  absl::Status LoadPositions();
  void ReplayParked();
  void ReadStreams();
  void ReadOwner();
  void CheckHeads();
  void CountParked();
  // Hands on what came for one shard, filling gaps; a failure makes the shard wait.
  void Take(int32_t shard, Events events);
  void PassBy(int32_t shard);
  absl::Status TryTake(int32_t shard, Shard& state, Events events);
  // `events` begin at or before the next position and are contiguous.
  absl::Status Advance(int32_t shard, Shard& state, Events events);
  absl::Status AdvanceOnce(int32_t shard, Shard& state, Events& events);
  // Reads the owner's log until there is no more.
  absl::Status Pull(int32_t shard, Shard& state);
  void Retry(int32_t shard, Shard& state, const absl::Status& error);
  void Publish(int32_t shard, Shard& state);
  bool Rests(const Shard& state) const;

  const ConsumerOptions options_;
  Handler& handler_;
  LogSource& owner_;
  Applier applier_;
  PositionWaiters waiters_;
  Stopper stopper_;
  std::thread thread_;

  // Of the thread.
  absl::BitGen random_;
  StreamCursor cursor_;
  std::unique_ptr<postgres::Connection> connection_;
  std::map<int32_t, Shard> shards_;
  std::optional<absl::Time> redis_away_since_;
  absl::Time next_head_check_ = absl::InfinitePast();
  absl::Time next_look_ = absl::InfinitePast();  // At the streams.
  Applier::ParkedPlace replayed_;
  absl::Time next_replay_ = absl::InfinitePast();
  log::RateLimit log_limit_{absl::Seconds(10)};

  std::atomic<int64_t> parked_{0};
  std::atomic<int64_t> applied_{0};
  std::atomic<int64_t> parked_in_database_{-1};  // Negative: not known.
  mutable std::mutex mutex_;                     // Guards what follows.
  struct Shown {
    Lag lag;
    std::optional<absl::Time> behind_since;
  };
  std::map<int32_t, Shown> shown_;
};

}  // namespace okr::events
