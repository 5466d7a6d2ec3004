#include "common/events/log_feed.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/log/logger.h"
#include "common/postgres/sqlstate.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

constexpr int kReadCount = 500;
constexpr int kFetchCount = 100;  // Events that a subscription takes at once.
constexpr absl::Duration kReadBudget = absl::Seconds(2);

}  // namespace

LogFeed::LogFeed(LogFeedOptions options)
    : options_(std::move(options)),
      history_({.database = options_.database, .threads = options_.history_threads}),
      cursor_(options_.redis, options_.source) {}

LogFeed::~LogFeed() { Stop(); }

void LogFeed::Start() {
  thread_ = std::thread([this] { Run(); });
}

void LogFeed::Stop() {
  stopper_.Stop();
  if (thread_.joinable()) thread_.join();
  history_.Stop();
  std::vector<std::shared_ptr<LogSubscription>> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(later_);
    for (auto& [unused, ring] : rings_) {
      ended.insert(ended.end(), ring.waiting.begin(), ring.waiting.end());
      ring.waiting.clear();
    }
  }
  const absl::Status status =
      MakeError(absl::StatusCode::kUnavailable, "the service is stopping; connect again",
                {.reason = "SHUTTING_DOWN", .retry_delay = absl::ZeroDuration()});
  for (const auto& subscription : ended) subscription->End(status);
}

std::shared_ptr<LogSubscription> LogFeed::Subscribe(SubscriptionOptions options) {
  auto subscription = std::make_shared<LogSubscription>(*this, std::move(options));
  subscription->Begin();
  return subscription;
}

LogFeed::Next LogFeed::Fetch(const std::shared_ptr<LogSubscription>& subscription, int32_t shard,
                             int64_t after) {
  const std::lock_guard lock(mutex_);
  Ring& ring = rings_[shard];
  if (!ready_ || after >= ring.last.position) {
    ring.waiting.insert(subscription);
    return {.kind = Next::Kind::kWait};
  }
  if (ring.events.empty() || after + 1 < PositionOf(*ring.events.front()).position) {
    return {.kind = Next::Kind::kHistory, .until = ring.last.position};
  }
  const auto first = ring.events.begin() + (after + 1 - PositionOf(*ring.events.front()).position);
  const auto count = std::min<ptrdiff_t>(kFetchCount, ring.events.end() - first);
  return {.kind = Next::Kind::kEvents, .events = {first, first + count}};
}

void LogFeed::ResumeLater(std::shared_ptr<LogSubscription> subscription) {
  const std::lock_guard lock(mutex_);
  later_.push_back(std::move(subscription));
}

void LogFeed::Forget(const std::shared_ptr<LogSubscription>& subscription, int32_t shard) {
  const std::lock_guard lock(mutex_);
  const auto ring = rings_.find(shard);
  if (ring != rings_.end()) ring->second.waiting.erase(subscription);
  later_.erase(std::remove(later_.begin(), later_.end(), subscription), later_.end());
}

void LogFeed::Join() {
  if (++subscriptions_ == 1) stopper_.Wake();
}

void LogFeed::Leave() { --subscriptions_; }

// Until somebody subscribes. What was kept would have a gap then.
void LogFeed::Rest() {
  {
    const std::lock_guard lock(mutex_);
    ready_ = false;
    for (auto& [unused, ring] : rings_) ring.events.clear();
  }
  stopper_.Wait(options_.heart_beat);
}

void LogFeed::Run() {
  while (!stopper_.stopped()) {
    if (subscriptions_ == 0) {
      Rest();
      continue;
    }
    const absl::Status ready = EnsureReady();
    absl::Status read = ready;
    if (ready.ok()) {
      const bool redis_is_there = ReadStreams();
      if (!redis_is_there || absl::Now() >= next_check_) read = ReadLogItself(redis_is_there);
    } else {
      stopper_.Wait(options_.poll_interval);
    }
    if (!read.ok()) {
      if (const auto suppressed = log_limit_.Allow()) {
        log::Warning("streams of events wait for the database",
                     {{"error", postgres::LogDetailOf(read)}, {"suppressed", *suppressed}});
      }
    }
    Tick();
  }
}

// Redis alone can carry on while PostgreSQL is away, once the heads are known.
absl::Status LogFeed::EnsureReady() {
  {
    const std::lock_guard lock(mutex_);
    if (ready_) return absl::OkStatus();
  }
  if (connection_ == nullptr || connection_->broken()) {
    OKR_ASSIGN_OR_RETURN(connection_, postgres::Connection::Open(options_.database));
  }
  OKR_ASSIGN_OR_RETURN(const auto heads, ReadHeads(*connection_, absl::Now() + kReadBudget));
  std::vector<std::shared_ptr<LogSubscription>> resumed;
  {
    const std::lock_guard lock(mutex_);
    ready_ = true;
    for (const auto& [shard, head] : heads) {
      Ring& ring = rings_[shard];
      ring.last = head;
      resumed.insert(resumed.end(), ring.waiting.begin(), ring.waiting.end());
      ring.waiting.clear();
    }
  }
  for (const auto& subscription : resumed) subscription->Resume();
  return absl::OkStatus();
}

bool LogFeed::ReadStreams() {
  std::map<int32_t, LogPosition> after;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [shard, ring] : rings_) after[shard] = ring.last;
  }
  auto batches = cursor_.Read(after, kReadCount, options_.block);
  if (!batches.ok()) {
    stopper_.Wait(options_.poll_interval);
    return false;
  }
  bool any_event = batches->empty();
  for (StreamBatch& batch : *batches) {
    any_event = any_event || !batch.events.empty();
    Append(batch.shard, std::move(batch.events));
  }
  // What cannot be read stays where it is; the log itself is read now and then.
  if (!any_event) stopper_.Wait(options_.poll_interval);
  return true;
}

absl::Status LogFeed::ReadLogItself(bool redis_is_there) {
  next_check_ = absl::Now() + options_.check_interval;
  if (connection_->broken()) {
    OKR_ASSIGN_OR_RETURN(connection_, postgres::Connection::Open(options_.database));
  }
  OKR_ASSIGN_OR_RETURN(const auto heads, ReadHeads(*connection_, absl::Now() + kReadBudget));
  for (const auto& [shard, head] : heads) {
    bool behind = false;
    {
      const std::lock_guard lock(mutex_);
      Ring& ring = rings_[shard];
      const bool stands_still = ring.last == ring.last_at_check;
      ring.last_at_check = ring.last;
      behind = ring.last.position < head.position && (stands_still || !redis_is_there);
    }
    if (behind) OKR_RETURN_IF_ERROR(CatchUp(shard, head));
  }
  return absl::OkStatus();
}

absl::Status LogFeed::CatchUp(int32_t shard, const LogPosition& head) {
  LogPosition last;
  {
    const std::lock_guard lock(mutex_);
    last = rings_[shard].last;
  }
  // Further back than what is kept: who needs it reads it as history.
  const int64_t after =
      std::max(last.position, head.position - static_cast<int64_t>(options_.recent));
  OKR_ASSIGN_OR_RETURN(
      auto events,
      ReadLog(*connection_, options_.source,
              {.shard = shard, .after = after, .limit = static_cast<int>(options_.recent)},
              absl::Now() + kReadBudget));
  Append(shard, std::move(events));
  return absl::OkStatus();
}

void LogFeed::Append(int32_t shard, std::vector<v1::Event> events) {
  std::set<std::shared_ptr<LogSubscription>> resumed;
  {
    const std::lock_guard lock(mutex_);
    Ring& ring = rings_[shard];
    for (v1::Event& event : events) {
      const LogPosition at = PositionOf(event);
      if (at.position <= ring.last.position) continue;
      if (at.position > ring.last.position + 1) ring.events.clear();
      ring.last = at;
      ring.events.push_back(std::make_shared<const v1::Event>(std::move(event)));
      if (ring.events.size() > options_.recent) ring.events.pop_front();
    }
    resumed.swap(ring.waiting);
  }
  for (const auto& subscription : resumed) subscription->Resume();
}

// Goes on with those that could not read, and those that were silent for too long.
void LogFeed::Tick() {
  const absl::Time now = absl::Now();
  std::vector<std::shared_ptr<LogSubscription>> resumed;
  {
    const std::lock_guard lock(mutex_);
    resumed.swap(later_);
    for (auto& [unused, ring] : rings_) {
      for (auto it = ring.waiting.begin(); it != ring.waiting.end();) {
        const bool silent = (*it)->IsSilent(now);
        if (silent) resumed.push_back(*it);
        it = silent ? ring.waiting.erase(it) : std::next(it);
      }
    }
  }
  for (const auto& subscription : resumed) subscription->Resume();
}

}  // namespace okr::events
