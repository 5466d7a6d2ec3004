#include "common/events/position_waiters.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/statements.h"
#include "common/status/error.h"

namespace okr::events {
namespace {

constexpr std::chrono::milliseconds kPollInterval(20);
constexpr absl::Duration kReconnectInterval = absl::Milliseconds(200);
constexpr absl::Duration kPollBudget = absl::Milliseconds(800);

absl::Status ShuttingDown() {
  return MakeError(absl::StatusCode::kUnavailable, "the service is stopping; connect again",
                   {.reason = "SHUTTING_DOWN", .retry_delay = absl::ZeroDuration()});
}

absl::Status NotReached(absl::string_view source) {
  return MakeError(absl::StatusCode::kDeadlineExceeded,
                   absl::StrCat("the state of ", source,
                                " that the consistency token asks for was not reached in time"),
                   {.reason = "STATE_NOT_REACHED", .metadata = {{"source", std::string(source)}}});
}

}  // namespace

PositionWaiters::PositionWaiters(postgres::Options database, std::string source)
    : database_(std::move(database)), source_(std::move(source)), thread_([this] { Run(); }) {}

PositionWaiters::~PositionWaiters() {
  Stop();
  thread_.join();
}

std::vector<PositionWaiters::Waiter> PositionWaiters::Take(
    Shard& shard, const std::function<bool(const Waiter&)>& ends) {
  const auto first = std::stable_partition(shard.waiters.begin(), shard.waiters.end(),
                                           [&ends](const Waiter& waiter) { return !ends(waiter); });
  std::vector<Waiter> taken(std::make_move_iterator(first),
                            std::make_move_iterator(shard.waiters.end()));
  shard.waiters.erase(first, shard.waiters.end());
  waiting_ -= taken.size();
  return taken;
}

void PositionWaiters::Reached(int32_t shard, const LogPosition& at) {
  std::vector<Waiter> done;
  {
    const std::lock_guard lock(mutex_);
    Shard& state = shards_[shard];
    state.reached = std::max(state.reached, at);
    if (state.waiters.empty()) return;
    done = Take(state, [&](const Waiter& waiter) { return waiter.at <= state.reached; });
  }
  for (const Waiter& waiter : done) waiter.callback(absl::OkStatus());
}

void PositionWaiters::WaitFor(int32_t shard, const LogPosition& at, absl::Time deadline,
                              Callback callback) {
  absl::Status now;
  {
    const std::lock_guard lock(mutex_);
    Shard& state = shards_[shard];
    if (at > state.reached) {
      if (!stopping_) {
        state.waiters.push_back({.at = at, .deadline = deadline, .callback = std::move(callback)});
        ++waiting_;
        changed_.notify_one();
        return;
      }
      now = ShuttingDown();
    }
  }
  callback(now);
}

void PositionWaiters::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  Fail(ShuttingDown());
}

void PositionWaiters::Fail(const absl::Status& status) {
  std::vector<Waiter> ended;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [unused, shard] : shards_) {
      std::vector<Waiter> taken = Take(shard, [](const Waiter&) { return true; });
      std::move(taken.begin(), taken.end(), std::back_inserter(ended));
    }
  }
  for (const Waiter& waiter : ended) waiter.callback(status);
}

void PositionWaiters::Run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || waiting_ > 0; });
      if (stopping_) return;
      // The consumer of this process is the usual way; this look is for the others'.
      changed_.wait_for(lock, kPollInterval, [this] { return stopping_; });
      if (stopping_) return;
      if (waiting_ == 0) continue;
    }
    Expire();
    Poll();
  }
}

void PositionWaiters::Expire() {
  std::vector<Waiter> late;
  const absl::Time now = absl::Now();
  {
    const std::lock_guard lock(mutex_);
    for (auto& [unused, shard] : shards_) {
      std::vector<Waiter> taken =
          Take(shard, [now](const Waiter& waiter) { return waiter.deadline <= now; });
      std::move(taken.begin(), taken.end(), std::back_inserter(late));
    }
  }
  for (const Waiter& waiter : late) waiter.callback(NotReached(source_));
}

void PositionWaiters::Poll() {
  if (connection_ == nullptr || connection_->broken()) {
    if (absl::Now() < next_connect_) return;
    auto opened = postgres::Connection::Open(database_);
    next_connect_ = absl::Now() + kReconnectInterval;
    if (!opened.ok()) return Fail(opened.status());
    connection_ = *std::move(opened);
  }
  const auto rows = connection_->Execute(kReadPositions, postgres::Params().Text(source_),
                                         absl::Now() + kPollBudget);
  if (!rows.ok()) return;
  for (int row = 0; row < rows->rows(); ++row) {
    Reached(rows->GetInt32(row, 0), {rows->GetInt64(row, 1), rows->GetInt64(row, 2)});
  }
}

}  // namespace okr::events
