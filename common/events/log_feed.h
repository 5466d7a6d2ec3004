// The log of this service as it grows, for streams to clients.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/history_pool.h"
#include "common/events/log_reading.h"
#include "common/events/log_subscription.h"
#include "common/events/position.h"
#include "common/events/stopper.h"
#include "common/events/stream_cursor.h"
#include "common/log/rate_limit.h"
#include "common/postgres/connection.h"
#include "common/redis/connection.h"

namespace okr::events {

struct LogFeedOptions {
  std::string source;          // This service, e.g. "goals".
  postgres::Options database;  // With the relay role.
  redis::Options redis;
  size_t recent = 1000;  // How many of the last events of each shard are kept in memory.
  absl::Duration heart_beat = absl::Seconds(15);
  // How often the log itself is looked at while Redis is away.
  absl::Duration poll_interval = absl::Milliseconds(250);
  // And while Redis is there, but silent.
  absl::Duration check_interval = absl::Seconds(1);
  absl::Duration block = absl::Milliseconds(500);
  int history_threads = 2;
};

// One thread follows all shards, in Redis, or in PostgreSQL while Redis is away. Any number of
// subscriptions share the last events; one that is further behind reads pages of the log, by the
// threads of the history pool. An idle subscription costs neither a thread nor a timer. While there
// is none, nothing is read.
// Thread-safe. Must outlive its subscriptions' calls: stop the server first.
class LogFeed {
 public:
  explicit LogFeed(LogFeedOptions options);
  ~LogFeed();  // Stops.
  LogFeed(const LogFeed&) = delete;
  LogFeed& operator=(const LogFeed&) = delete;

  void Start();
  void Stop();

  // Begins to deliver; see LogSubscription.
  std::shared_ptr<LogSubscription> Subscribe(SubscriptionOptions options);

  HistoryPool& history() { return history_; }
  const std::string& source() const { return options_.source; }
  absl::Duration heart_beat() const { return options_.heart_beat; }

 private:
  friend class LogSubscription;
  using SharedEvent = std::shared_ptr<const okr::events::v1::Event>;

  // The last events of a shard, without gaps.
  struct Ring {
    std::deque<SharedEvent> events;
    LogPosition last;  // Of the last event that is known to be there, in `events` or not.
    LogPosition last_at_check;
    std::set<std::shared_ptr<LogSubscription>> waiting;
  };

  // What a subscription that has come to `after` shall do next.
  struct Next {
    enum class Kind { kEvents, kHistory, kWait } kind = Kind::kWait;
    std::vector<SharedEvent> events;
    int64_t until = 0;  // Where history is known to reach.
  };
  // With kWait the subscription is remembered, and its Resume called when there is more.
  Next Fetch(const std::shared_ptr<LogSubscription>& subscription, int32_t shard, int64_t after);
  // Of the constructor and the destructor of a subscription.
  void Join();
  void Leave();
  // Calls Resume after a short while.
  void ResumeLater(std::shared_ptr<LogSubscription> subscription);
  void Forget(const std::shared_ptr<LogSubscription>& subscription, int32_t shard);

  void Run();
  absl::Status EnsureReady();
  void Rest();
  bool ReadStreams();
  absl::Status ReadLogItself(bool redis_is_there);
  absl::Status CatchUp(int32_t shard, const LogPosition& head);
  void Append(int32_t shard, std::vector<okr::events::v1::Event> events);
  void Tick();

  const LogFeedOptions options_;
  HistoryPool history_;
  Stopper stopper_;
  std::thread thread_;
  std::atomic<int> subscriptions_ = 0;

  // Of the thread.
  StreamCursor cursor_;
  std::unique_ptr<postgres::Connection> connection_;
  absl::Time next_check_ = absl::InfinitePast();
  log::RateLimit log_limit_{absl::Seconds(10)};

  std::mutex mutex_;    // Guards what follows.
  bool ready_ = false;  // The heads are known.
  std::map<int32_t, Ring> rings_;
  std::vector<std::shared_ptr<LogSubscription>> later_;
};

}  // namespace okr::events
