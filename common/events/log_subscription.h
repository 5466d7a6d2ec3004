// One reader of a shard's log: history first, then what happens, with no gap and no repeat.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/log_reading.h"
#include "common/events/position.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

class LogFeed;

// Which events are delivered.
struct LogFilter {
  std::string organization_id;     // Empty for a whole shard.
  int32_t shard = 0;               // If no organization is named.
  std::vector<std::string> types;  // All if empty.
  std::string subject_prefix;      // This resource and what lies below it; all if empty.
  // Asked for each event that the rest lets pass; must not block. All if empty.
  std::function<bool(const okr::events::v1::Event&)> accepts;

  bool Matches(const okr::events::v1::Event& event) const;
};

struct Delivery {
  // Null in a heart-beat. Lives until `done` was called.
  const okr::events::v1::Event* event = nullptr;
  // Everything up to here was delivered or filtered out.
  Position position;
};

struct SubscriptionOptions {
  LogFilter filter;
  // Events after this place. Otherwise: from the beginning, or from now on.
  std::optional<LogPosition> after;
  bool from_beginning = false;
  // Called with one event or heart-beat at a time; the next one comes after `done` was called with
  // true, which may happen before it returns. `done(false)` ends the subscription. A heart-beat
  // comes at the beginning, and whenever nothing else was delivered for the feed's interval. Called
  // by threads of the feed and by those that call `done`; must not block.
  using Done = std::function<void(bool ok)>;
  std::function<void(const Delivery& delivery, Done done)> deliver;
  // Called at most once, when the subscription ends for another reason than Cancel or done(false):
  // OUT_OF_RANGE / POSITION_UNKNOWN, INVALID_ARGUMENT for a shard that does not exist, UNAVAILABLE.
  std::function<void(const absl::Status& status)> ended;
};

// Made by LogFeed::Subscribe. It holds one page of events at most: a slow reader gets behind in the
// log, not in memory. Thread-safe.
class LogSubscription : public std::enable_shared_from_this<LogSubscription> {
 public:
  LogSubscription(LogFeed& feed, SubscriptionOptions options);
  ~LogSubscription();
  LogSubscription(const LogSubscription&) = delete;
  LogSubscription& operator=(const LogSubscription&) = delete;

  // Nothing more is delivered, except what is under way; the callbacks are dropped.
  void Cancel();

 private:
  friend class LogFeed;
  using SharedEvent = std::shared_ptr<const okr::events::v1::Event>;

  // The turn: exactly one of a running Continue, a delivery under way, a history job or a place in
  // the feed's lists will go on with this subscription.
  void Begin();
  void BeginAt(const absl::StatusOr<LogStates>& states);
  void Resume() { Continue(); }
  void Continue();
  // False if the turn went elsewhere.
  bool Step();
  // False if the delivery goes on with the turn.
  bool Deliver(const SharedEvent& event);
  bool FetchMore();
  void ReadHistory(int64_t until);
  void TakeHistory(int64_t until, absl::StatusOr<std::vector<okr::events::v1::Event>> events);
  void End(const absl::Status& status);
  // Whether nothing was delivered for too long. For the holder of the turn, or the feed's list.
  bool IsSilent(absl::Time now) const { return now - last_delivery_ >= heart_beat_; }

  LogFeed& feed_;
  const absl::Duration heart_beat_;
  LogFilter filter_;
  const std::optional<LogPosition> after_;
  const bool from_beginning_;

  // Of the holder of the turn.
  int32_t shard_ = 0;
  LogPosition last_;  // Everything up to here was delivered or filtered out.
  std::deque<SharedEvent> page_;
  std::optional<LogPosition> page_end_;  // Where `last_` is when the page is done.
  absl::Time last_delivery_ = absl::InfinitePast();

  std::mutex mutex_;  // Guards what follows.
  bool over_ = false;
  bool began_ = false;  // shard_ is known.
  // Shared with the call under way, so that Cancel can drop them.
  using DeliverFunction = decltype(SubscriptionOptions::deliver);
  std::shared_ptr<const DeliverFunction> deliver_;
  std::function<void(const absl::Status&)> ended_;
};

}  // namespace okr::events
