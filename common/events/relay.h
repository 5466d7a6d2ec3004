// Publishes this service's event log: from PostgreSQL to Redis Streams.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/backoff/backoff.h"
#include "common/events/lag_clock.h"
#include "common/events/log_reading.h"
#include "common/events/position.h"
#include "common/events/stopper.h"
#include "common/events/stream_writer.h"
#include "common/log/rate_limit.h"
#include "common/postgres/connection.h"
#include "common/redis/connection.h"

namespace okr::events {

struct RelayOptions {
  std::string source;          // This service, e.g. "goals".
  postgres::Options database;  // With the relay role. Its timeouts are shortened.
  redis::Options redis;        // Its timeouts are shortened.
  absl::Duration poll_interval = absl::Milliseconds(250);
  int batch = 500;  // Events of one append.
  // After each turn, so that events that come in quick succession go out together. What comes after
  // a rest goes out at once.
  absl::Duration pace = absl::Milliseconds(3);
  Backoff::Options backoff = {.initial = absl::Milliseconds(50), .longest = absl::Seconds(1)};
};

// One thread publishes all shards. Redis' own head is the only watermark: a batch is appended as a
// whole, or not at all if the stream's head is not the event before it. So any number of relays may
// run at once; an empty stream is filled again from the log. While PostgreSQL or Redis is away it
// keeps trying. Thread-safe.
class Relay {
 public:
  struct ShardState {
    int32_t shard = 0;
    LogPosition log_head;   // As last seen.
    LogPosition published;  // Redis' head as last seen.
    // Events that are not published yet, and since when there are such. Before Redis told its head,
    // that is all that the log holds.
    int64_t lag = 0;
    std::optional<absl::Time> behind_since;
    int64_t published_events = 0;  // By this relay.
    // Why the shard is not published: what is in Redis is not of this log's history.
    std::string trouble;
  };
  struct State {
    absl::Status database = absl::UnavailableError("not tried yet");
    absl::Status redis = absl::UnavailableError("not tried yet");
    absl::Status redis_policy;  // FAILED_PRECONDITION if Redis may drop events.
    std::vector<ShardState> shards;
  };

  explicit Relay(RelayOptions options);
  ~Relay();  // Stops.
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  void Start();
  // Takes at most about a second, whatever hangs.
  void Stop();

  // A transaction of this process was committed whose last event has this position: publishes it
  // at once. Cheap, never blocks on I/O.
  void Notify(int32_t shard, int64_t position);

  State state() const;

 private:
  struct Shard {
    LogState log;
    std::optional<LogPosition> published;  // Absent until Redis' head was found to be of this log.
    std::string trouble;
    int64_t wanted = 0;   // The log is known to reach this far.
    int64_t reached = 0;  // `published` as it was last known.
    LagClock lag;
    int64_t published_events = 0;
  };
  enum class Progress { kDone, kMore };

  void Run();
  absl::Status Turn(bool poll);
  absl::Status EnsureConnected();
  absl::Status Poll();
  absl::Status ReadLogHeads();
  absl::Status ReadStreamHeads();
  absl::Status MakePartitions();
  bool TakeNotified();
  absl::StatusOr<Progress> PublishShard(int32_t shard, Shard& state);
  absl::Status PublishPage(int32_t shard, Shard& state);
  absl::Status AppendAll(int32_t shard, Shard& state,
                         absl::Span<const okr::events::v1::Event> events);
  // Makes `head` the published position if it is an event of this log.
  absl::Status Verify(int32_t shard, Shard& state, const LogPosition& head);
  absl::StatusOr<std::string> FindTrouble(int32_t shard, Shard& state, const LogPosition& head);
  absl::Status FromDatabase(const absl::Status& status);
  absl::Status FromRedis(const absl::Status& status);
  void ShowState();

  const RelayOptions options_;
  Stopper stopper_;
  std::thread thread_;

  // Of the thread.
  absl::BitGen random_;
  std::unique_ptr<postgres::Connection> connection_;
  StreamWriter writer_;
  std::map<int32_t, Shard> shards_;
  int page_;
  int64_t partitions_for_ = -1;
  bool policy_checked_ = false;
  State now_;
  log::RateLimit log_limit_{absl::Seconds(10)};

  mutable std::mutex mutex_;  // Guards what follows.
  std::map<int32_t, int64_t> notified_;
  State shown_;
};

}  // namespace okr::events
