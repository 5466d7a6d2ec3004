#include "common/events/consumer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/statements.h"
#include "common/failpoint/failpoint.h"
#include "common/log/logger.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

constexpr int kPageSize = 500;
// So that one shard with a long history does not keep the others waiting.
constexpr int kPagesInARow = 20;
constexpr absl::Duration kSetUpBudget = absl::Seconds(5);
constexpr absl::Duration kCountBudget = absl::Seconds(1);
constexpr absl::Duration kReplaySlice = absl::Milliseconds(100);

// How many of the first events follow each other without a gap.
size_t ContiguousCount(absl::Span<const v1::Event> events) {
  size_t count = 1;
  while (count < events.size() &&
         events[count].position().position() == events[count - 1].position().position() + 1) {
    ++count;
  }
  return count;
}

}  // namespace

Consumer::Consumer(ConsumerOptions options, Handler& handler, LogSource& owner)
    : options_(std::move(options)),
      handler_(handler),
      owner_(owner),
      applier_(options_.source, handler, {.service = options_.service, .tracer = options_.tracer}),
      waiters_(options_.database, options_.source),
      cursor_(options_.redis, options_.source) {}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Consumer::Stop() {
  stopper_.Stop();
  if (thread_.joinable()) thread_.join();
  waiters_.Stop();
}

void Consumer::WaitFor(int32_t shard, const LogPosition& at, absl::Time deadline,
                       std::function<void(absl::Status)> callback) {
  // Before the first event there is nothing to wait for, whatever the epoch.
  if (at.position <= 0) return callback(absl::OkStatus());
  waiters_.WaitFor(shard, at, deadline, std::move(callback));
}

std::vector<Consumer::Lag> Consumer::Lags() const {
  const absl::Time now = absl::Now();
  std::vector<Lag> lags;
  const std::lock_guard lock(mutex_);
  for (const auto& [unused, shown] : shown_) {
    lags.push_back(shown.lag);
    if (shown.behind_since) lags.back().duration = now - *shown.behind_since;
  }
  return lags;
}

std::optional<int64_t> Consumer::parked_in_database() const {
  const int64_t parked = parked_in_database_.load();
  return parked >= 0 ? std::optional(parked) : std::nullopt;
}

void Consumer::Run() {
  Backoff backoff(options_.backoff, [this] { return absl::Uniform(random_, 0.0, 1.0); });
  while (!stopper_.stopped()) {
    if (const absl::Status ready = EnsureReady(); !ready.ok()) {
      if (const auto suppressed = log_limit_.Allow()) {
        log::Warning("events wait for the database", {{"source", options_.source},
                                                      {"error", postgres::LogDetailOf(ready)},
                                                      {"suppressed", *suppressed}});
      }
      stopper_.Wait(backoff.Failed());
      continue;
    }
    backoff.Succeeded();
    ReplayParked();
    ReadStreams();
    if (redis_away_since_ && absl::Now() - *redis_away_since_ >= options_.redis_patience) {
      ReadOwner();
    }
    if (absl::Now() >= next_head_check_) {
      CountParked();
      CheckHeads();
    }
  }
}

absl::Status Consumer::EnsureReady() {
  if (connection_ == nullptr) {
    OKR_ASSIGN_OR_RETURN(connection_, postgres::Connection::Open(options_.database));
  } else if (connection_->broken()) {
    OKR_RETURN_IF_ERROR(connection_->Reset());
  }
  return shards_.empty() ? LoadPositions() : absl::OkStatus();
}

absl::Status Consumer::LoadPositions() {
  const absl::Time deadline = absl::Now() + kSetUpBudget;
  OKR_ASSIGN_OR_RETURN(const postgres::Result count,
                       connection_->Execute(kCountShards, {}, deadline));
  const auto source = postgres::Params().Text(options_.source);
  OKR_RETURN_IF_ERROR(
      connection_
          ->Execute(kCreatePositions,
                    postgres::Params(source).Int32(static_cast<int32_t>(count.GetInt64(0, 0))),
                    deadline)
          .status());
  OKR_ASSIGN_OR_RETURN(const postgres::Result rows,
                       connection_->Execute(kReadPositions, source, deadline));
  if (rows.rows() == 0) return absl::UnavailableError("the log has no shards");
  for (int row = 0; row < rows.rows(); ++row) {
    const LogPosition at{rows.GetInt64(row, 1), rows.GetInt64(row, 2)};
    const auto [state, unused] = shards_.try_emplace(
        rows.GetInt32(row, 0),
        Shard{.read = at, .stored = at, .backoff = Backoff(options_.backoff, [this] {
                                          return absl::Uniform(random_, 0.0, 1.0);
                                        })});
    Publish(state->first, state->second);
  }
  return absl::OkStatus();
}

// For a moment at a time, so that news need not wait for it.
void Consumer::ReplayParked() {
  const absl::Time start = absl::Now();
  if (start < next_replay_) return;
  while (!stopper_.stopped() && absl::Now() - start < kReplaySlice) {
    const auto replayed = applier_.ReplayNext(*connection_, replayed_);
    if (!replayed.ok()) {
      next_replay_ = absl::Now() + options_.head_interval;
      if (const auto suppressed = log_limit_.Allow()) {
        log::Warning("parked events wait", {{"source", options_.source},
                                            {"error", postgres::LogDetailOf(replayed.status())},
                                            {"suppressed", *suppressed}});
      }
      return;
    }
    if (*replayed == Applier::Replayed::kNoneLeft) {
      replayed_ = {};
      next_replay_ = absl::Now() + options_.replay_interval;
      return;
    }
    if (*replayed == Applier::Replayed::kApplied) ++applied_;
  }
}

bool Consumer::Rests(const Shard& state) const { return absl::Now() < state.retry_at; }

void Consumer::ReadStreams() {
  if (const absl::Time now = absl::Now(); now < next_look_) stopper_.Wait(next_look_ - now);
  std::map<int32_t, LogPosition> after;
  absl::Duration block = options_.block;
  const absl::Time now = absl::Now();
  for (const auto& [shard, state] : shards_) {
    if (state.retry_at > now) {
      block = std::min(block, state.retry_at - now);
    } else {
      after[shard] = state.read;
    }
  }
  if (after.empty()) return stopper_.Wait(block);
  const auto batches = cursor_.Read(after, kPageSize, block);
  if (!batches.ok()) {
    if (!redis_away_since_) {
      redis_away_since_ = now;
      log::Warning("Redis is away",
                   {{"source", options_.source}, {"error", batches.status().message()}});
    }
    return stopper_.Wait(std::min(options_.poll_interval, options_.redis_patience));
  }
  if (redis_away_since_) log::Info("Redis is back", {{"source", options_.source}});
  redis_away_since_.reset();
  if (!batches->empty()) {
    next_look_ = absl::Now() + options_.pace;
    failpoint::Reach(failpoint::FailPoint::kConsumerRead);
  }
  for (const StreamBatch& batch : *batches) {
    if (batch.events.empty()) {
      PassBy(batch.shard);
    } else {
      Take(batch.shard, batch.events);
    }
  }
}

// Nothing in the stream can be read: the owner's log tells what should be there.
void Consumer::PassBy(int32_t shard) {
  Shard& state = shards_.at(shard);
  const LogPosition before = state.read;
  absl::Status passed = Pull(shard, state);
  if (passed.ok() && state.read == before) {
    passed = absl::UnavailableError("what is in the stream are no events");
  }
  if (!passed.ok()) Retry(shard, state, passed);
}

void Consumer::ReadOwner() {
  for (auto& [shard, state] : shards_) {
    if (stopper_.stopped()) return;
    if (Rests(state)) continue;
    const absl::Status pulled = Pull(shard, state);
    if (!pulled.ok()) Retry(shard, state, pulled);
  }
}

void Consumer::CountParked() {
  const auto count = connection_->Execute(kCountParked, postgres::Params().Text(options_.source),
                                          absl::Now() + kCountBudget);
  if (count.ok()) {
    parked_in_database_ = count->GetInt64(0, 0);
  } else if (const auto suppressed = log_limit_.Allow()) {
    log::Warning("parked events could not be counted",
                 {{"source", options_.source},
                  {"error", postgres::LogDetailOf(count.status())},
                  {"suppressed", *suppressed}});
  }
}

// Silence of the stream is not taken for silence of the owner.
void Consumer::CheckHeads() {
  next_head_check_ = absl::Now() + options_.head_interval;
  for (auto& [shard, state] : shards_) {
    if (stopper_.stopped()) return;
    const absl::StatusOr<LogPosition> head = owner_.GetHead(shard);
    if (!head.ok()) return;  // The others would tell the same; ReadOwner tells who cares.
    if (head->position > 0) state.head = std::max(state.head, *head);
    const bool stands_still = state.read == state.read_at_head_check;
    state.read_at_head_check = state.read;
    Publish(shard, state);
    if (state.head <= state.read || !stands_still || Rests(state)) continue;
    const absl::Status pulled = Pull(shard, state);
    if (!pulled.ok()) Retry(shard, state, pulled);
  }
}

void Consumer::Take(int32_t shard, Events events) {
  Shard& state = shards_.at(shard);
  if (stopper_.stopped()) return;
  state.head = std::max(state.head, PositionOf(events.back()));
  const absl::Status taken = TryTake(shard, state, events);
  if (!taken.ok()) Retry(shard, state, taken);
}

absl::Status Consumer::TryTake(int32_t shard, Shard& state, Events events) {
  while (!events.empty()) {
    if (PositionOf(events.front()) <= state.read) {
      events.remove_prefix(1);
      continue;
    }
    if (events.front().position().position() != state.read.position + 1) {
      const LogPosition before = state.read;
      OKR_RETURN_IF_ERROR(Pull(shard, state));
      if (state.read == before) return absl::UnavailableError("missing events are not there yet");
      continue;
    }
    const size_t count = ContiguousCount(events);
    OKR_RETURN_IF_ERROR(Advance(shard, state, events.first(count)));
    events.remove_prefix(count);
  }
  state.backoff.Succeeded();
  return absl::OkStatus();
}

absl::Status Consumer::Pull(int32_t shard, Shard& state) {
  for (int page = 0; page < kPagesInARow && !stopper_.stopped(); ++page) {
    OKR_ASSIGN_OR_RETURN(const LogSource::Page read,
                         owner_.ListEvents(shard, state.read, kPageSize));
    if (read.events.empty()) break;
    failpoint::Reach(failpoint::FailPoint::kConsumerGapRead);
    state.head = std::max(state.head, read.head);
    if (PositionOf(read.events.front()).position != state.read.position + 1 ||
        ContiguousCount(read.events) != read.events.size()) {
      return absl::UnavailableError(
          absl::StrCat("the log of the owner has a gap after ", state.read.ToEntryId()));
    }
    OKR_RETURN_IF_ERROR(Advance(shard, state, read.events));
    if (state.read >= read.head) break;
  }
  Publish(shard, state);
  state.backoff.Succeeded();
  return absl::OkStatus();
}

absl::Status Consumer::Advance(int32_t shard, Shard& state, Events events) {
  while (!events.empty() && !stopper_.stopped()) {
    OKR_RETURN_IF_ERROR(AdvanceOnce(shard, state, events));
  }
  return absl::OkStatus();
}

absl::Status Consumer::AdvanceOnce(int32_t shard, Shard& state, Events& events) {
  size_t elsewhere = 0;
  while (elsewhere < events.size() && PositionOf(events[elsewhere]) <= state.stored) ++elsewhere;
  if (elsewhere > 0) {
    handler_.OnCommittedElsewhere(events.first(elsewhere));
    state.read = PositionOf(events[elsewhere - 1]);
    events.remove_prefix(elsewhere);
    return absl::OkStatus();
  }
  const Events batch = events.first(std::min<size_t>(events.size(), options_.max_batch));
  const Applier::Outcome outcome = applier_.Apply(*connection_, shard, batch);
  parked_ += static_cast<int64_t>(outcome.parked);
  applied_ += static_cast<int64_t>(outcome.handled - outcome.parked);
  if (outcome.handled > 0) {
    state.read = PositionOf(batch[outcome.handled - 1]);
    state.stored = state.read;
    events.remove_prefix(outcome.handled);
  }
  if (outcome.status.ok()) state.stored = outcome.stored;
  Publish(shard, state);
  OKR_RETURN_IF_ERROR(outcome.status);
  if (outcome.handled == 0 && state.stored < state.read) {
    // Somebody set the position back: what lies between is applied again.
    state.read = state.stored;
    return absl::AbortedError("the position was set back");
  }
  return absl::OkStatus();
}

void Consumer::Retry(int32_t shard, Shard& state, const absl::Status& error) {
  state.retry_at = absl::Now() + state.backoff.Failed();
  Publish(shard, state);
  if (const auto suppressed = log_limit_.Allow()) {
    log::Warning("events wait", {{"source", options_.source},
                                 {"shard", shard},
                                 {"position", state.read.position},
                                 {"error", postgres::LogDetailOf(error)},
                                 {"suppressed", *suppressed}});
  }
}

void Consumer::Publish(int32_t shard, Shard& state) {
  state.head = std::max(state.head, state.stored);
  state.lag.Update(state.stored, state.head, absl::Now());
  {
    const std::lock_guard lock(mutex_);
    shown_[shard] = {.lag = {.shard = shard, .position = state.stored, .head = state.head},
                     .behind_since = state.lag.since()};
  }
  waiters_.Reached(shard, state.stored);
}

}  // namespace okr::events
