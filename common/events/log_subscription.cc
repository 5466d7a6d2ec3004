#include "common/events/log_subscription.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/event_filter.h"
#include "common/events/log_feed.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

constexpr int kPageSize = 500;
// Positions that one page of history looks at, most of which a filter may refuse.
constexpr int64_t kPageSpan = 10'000;
constexpr absl::Duration kReadBudget = absl::Seconds(5);

bool LiesAtOrBelow(const std::string& name, const std::string& prefix) {
  return absl::StartsWith(name, prefix) &&
         (name.size() == prefix.size() || name[prefix.size()] == '/');
}

}  // namespace

bool LogFilter::Matches(const v1::Event& event) const {
  if (!organization_id.empty() && OrganizationIdOf(event.organization()) != organization_id) {
    return false;
  }
  if (!types.empty() && std::find(types.begin(), types.end(), event.type()) == types.end()) {
    return false;
  }
  if (!subject_prefix.empty() && !LiesAtOrBelow(event.subject(), subject_prefix)) return false;
  return !accepts || accepts(event);
}

LogSubscription::LogSubscription(LogFeed& feed, SubscriptionOptions options)
    : feed_(feed),
      heart_beat_(feed.heart_beat()),
      filter_(std::move(options.filter)),
      after_(options.after),
      from_beginning_(options.from_beginning),
      deliver_(std::make_shared<const DeliverFunction>(std::move(options.deliver))),
      ended_(std::move(options.ended)) {
  feed_.Join();
}

LogSubscription::~LogSubscription() { feed_.Leave(); }

void LogSubscription::Cancel() {
  // Destroyed after the lock is released: they may hold the last reference to this.
  std::shared_ptr<const DeliverFunction> deliver;
  std::function<void(const absl::Status&)> ended;
  bool began = false;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    began = began_;
    deliver.swap(deliver_);
    ended.swap(ended_);
  }
  if (began) feed_.Forget(shared_from_this(), shard_);
}

void LogSubscription::End(const absl::Status& status) {
  std::function<void(const absl::Status&)> ended;
  {
    const std::lock_guard lock(mutex_);
    ended = ended_;
  }
  Cancel();
  if (ended) ended(status);
}

void LogSubscription::Begin() {
  feed_.history().Submit(
      [self = shared_from_this()](absl::StatusOr<postgres::Connection*> connection) {
        if (!connection.ok()) return self->BeginAt(connection.status());
        self->BeginAt(ReadLogStates(**connection, absl::Now() + kReadBudget));
      });
}

void LogSubscription::BeginAt(const absl::StatusOr<LogStates>& states) {
  if (!states.ok()) return End(states.status());
  const absl::StatusOr<int32_t> shard = FindShard(filter_, *states);
  if (!shard.ok()) return End(shard.status());
  shard_ = *shard;
  const LogState& log = states->at(shard_);
  if (after_) {
    if (!log.Knows(*after_)) return End(PositionUnknown(*after_, log));
    last_ = log.At(after_->position);
  } else {
    last_ = log.At(from_beginning_ ? 0 : log.head.position);
  }
  {
    const std::lock_guard lock(mutex_);
    began_ = true;
  }
  // A first heart-beat, as nothing was ever delivered.
  Continue();
}

void LogSubscription::Continue() {
  while (Step()) {
  }
}

bool LogSubscription::Step() {
  {
    const std::lock_guard lock(mutex_);
    if (over_) return false;
  }
  if (IsSilent(absl::Now())) return Deliver(nullptr);
  while (!page_.empty()) {
    const SharedEvent event = std::move(page_.front());
    page_.pop_front();
    last_ = PositionOf(*event);
    if (filter_.Matches(*event)) return Deliver(event);
  }
  if (page_end_) last_ = *std::exchange(page_end_, std::nullopt);
  return FetchMore();
}

bool LogSubscription::Deliver(const SharedEvent& event) {
  std::shared_ptr<const DeliverFunction> deliver;
  {
    const std::lock_guard lock(mutex_);
    if (over_) return false;
    deliver = deliver_;
  }
  last_delivery_ = absl::Now();
  const Delivery delivery{.event = event.get(),
                          .position = {.source = feed_.source(),
                                       .epoch = last_.epoch,
                                       .shard = shard_,
                                       .position = last_.position}};
  // The second of `done` and the return of `deliver` goes on, so that a reader that is done at once
  // makes a loop, not a recursion.
  const auto second = std::make_shared<std::atomic<bool>>(false);
  (*deliver)(delivery, [self = shared_from_this(), event, second](bool ok) {
    if (!ok) self->Cancel();
    if (second->exchange(true)) self->Continue();
  });
  return second->exchange(true);
}

bool LogSubscription::FetchMore() {
  LogFeed::Next next = feed_.Fetch(shared_from_this(), shard_, last_.position);
  switch (next.kind) {
    case LogFeed::Next::Kind::kWait:
      return false;
    case LogFeed::Next::Kind::kHistory:
      ReadHistory(std::min(next.until, last_.position + kPageSpan));
      return false;
    case LogFeed::Next::Kind::kEvents:
      page_.assign(next.events.begin(), next.events.end());
      return true;
  }
  return false;
}

void LogSubscription::ReadHistory(int64_t until) {
  feed_.history().Submit(
      [self = shared_from_this(), until](absl::StatusOr<postgres::Connection*> connection) {
        if (!connection.ok()) return self->TakeHistory(until, connection.status());
        const LogQuery query{.shard = self->shard_,
                             .after = self->last_.position,
                             .until = until,
                             .limit = kPageSize,
                             .organization_id = self->filter_.organization_id,
                             .types = self->filter_.types,
                             .subject_prefix = self->filter_.subject_prefix};
        self->TakeHistory(
            until, ReadLog(**connection, self->feed_.source(), query, absl::Now() + kReadBudget));
      });
}

void LogSubscription::TakeHistory(int64_t until, absl::StatusOr<std::vector<v1::Event>> events) {
  if (!events.ok()) {
    if (ReasonOf(events.status()) == "SHUTTING_DOWN") return End(events.status());
    return feed_.ResumeLater(shared_from_this());
  }
  for (v1::Event& event : *events) {
    page_.push_back(std::make_shared<const v1::Event>(std::move(event)));
  }
  // A page that is not full has looked at everything up to `until`, which is in the epoch of what
  // stands before it or of a later one; the next event tells.
  if (page_.size() < kPageSize) {
    const int64_t epoch = page_.empty() ? last_.epoch : PositionOf(*page_.back()).epoch;
    page_end_ = LogPosition{.epoch = epoch, .position = until};
  }
  Continue();
}

}  // namespace okr::events
