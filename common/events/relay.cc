#include "common/events/relay.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/statements.h"
#include "common/failpoint/failpoint.h"
#include "common/log/logger.h"
#include "common/postgres/sqlstate.h"
#include "common/redis/error.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using failpoint::FailPoint;

// Of every wait for a server, so that Stop never takes longer.
constexpr absl::Duration kBudget = absl::Milliseconds(800);
// So that one shard that is filled again does not keep the others waiting.
constexpr int kPagesInARow = 10;
// Of one append: it stops Redis for its duration.
constexpr size_t kAppendBytes = 1 << 20;
// How far the log may grow before its partitions are looked after again.
constexpr int64_t kPartitionStep = 1'000'000;

RelayOptions WithShortTimeouts(RelayOptions options) {
  options.database.connect_timeout = std::min(options.database.connect_timeout, kBudget);
  options.redis.connect_timeout = std::min(options.redis.connect_timeout, kBudget);
  options.redis.command_timeout = std::min(options.redis.command_timeout, kBudget);
  return options;
}

std::string DescribeError(const absl::Status& status) {
  const std::string from_redis = redis::LogDetailOf(status);
  return from_redis.empty() ? postgres::LogDetailOf(status) : from_redis;
}

}  // namespace

Relay::Relay(RelayOptions options)
    : options_(WithShortTimeouts(std::move(options))),
      writer_(options_.redis, options_.source),
      page_(options_.batch) {}

Relay::~Relay() { Stop(); }

void Relay::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Relay::Stop() {
  stopper_.Stop();
  if (thread_.joinable()) thread_.join();
}

void Relay::Notify(int32_t shard, int64_t position) {
  {
    const std::lock_guard lock(mutex_);
    int64_t& wanted = notified_[shard];
    wanted = std::max(wanted, position);
  }
  stopper_.Wake();
}

Relay::State Relay::state() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

void Relay::Run() {
  Backoff backoff(options_.backoff, [this] { return absl::Uniform(random_, 0.0, 1.0); });
  absl::Time next_poll = absl::InfinitePast();
  absl::Time not_before = absl::InfinitePast();
  while (!stopper_.stopped()) {
    const absl::Time now = absl::Now();
    // Notifications end a wait, but not the pause after a failure.
    if (now < not_before) {
      stopper_.Wait(not_before - now);
      continue;
    }
    const bool poll = now >= next_poll;
    if (!poll && !TakeNotified()) {
      stopper_.Wait(next_poll - now);
      continue;
    }
    const absl::Status status = Turn(poll);
    ShowState();
    if (status.ok()) {
      backoff.Succeeded();
      if (poll) next_poll = now + options_.poll_interval;
      absl::SleepFor(options_.pace);  // Not to be woken by each commit.
      continue;
    }
    not_before = absl::Now() + backoff.Failed();
    next_poll = not_before;
    if (const auto suppressed = log_limit_.Allow()) {
      log::Warning("events cannot be published now; trying again",
                   {{"error", DescribeError(status)}, {"suppressed", *suppressed}});
    }
  }
}

bool Relay::TakeNotified() {
  std::map<int32_t, int64_t> notified;
  {
    const std::lock_guard lock(mutex_);
    notified.swap(notified_);
  }
  for (const auto& [shard, position] : notified) {
    const auto state = shards_.find(shard);
    if (state != shards_.end()) state->second.wanted = std::max(state->second.wanted, position);
  }
  return !notified.empty();
}

absl::Status Relay::Turn(bool poll) {
  OKR_RETURN_IF_ERROR(EnsureConnected());
  if (poll) OKR_RETURN_IF_ERROR(Poll());
  bool more = true;
  while (more && !stopper_.stopped()) {
    more = false;
    for (auto& [shard, state] : shards_) {
      OKR_ASSIGN_OR_RETURN(const Progress progress, PublishShard(shard, state));
      if (progress == Progress::kMore) more = true;
    }
    if (more) ShowState();
  }
  return absl::OkStatus();
}

absl::Status Relay::EnsureConnected() {
  if (connection_ != nullptr && !connection_->broken()) return absl::OkStatus();
  auto opened = postgres::Connection::Open(options_.database);
  OKR_RETURN_IF_ERROR(FromDatabase(opened.status()));
  connection_ = *std::move(opened);
  return absl::OkStatus();
}

// Redis is asked first: its head is then never after the log's. Without it the log is still looked
// at, so that it is seen what waits.
absl::Status Relay::Poll() {
  if (shards_.empty()) OKR_RETURN_IF_ERROR(ReadLogHeads());
  const absl::Status redis = FromRedis(ReadStreamHeads());
  OKR_RETURN_IF_ERROR(ReadLogHeads());
  OKR_RETURN_IF_ERROR(redis);
  return MakePartitions();
}

absl::Status Relay::ReadLogHeads() {
  absl::StatusOr<LogStates> states = ReadLogStates(*connection_, absl::Now() + kBudget);
  OKR_RETURN_IF_ERROR(FromDatabase(states.status()));
  for (auto& [shard, log] : *states) {
    Shard& state = shards_[shard];
    state.log = std::move(log);
    state.wanted = state.log.head.position;
  }
  return absl::OkStatus();
}

absl::Status Relay::ReadStreamHeads() {
  if (!policy_checked_) {
    now_.redis_policy = writer_.CheckKeepsAll();
    if (absl::IsUnavailable(now_.redis_policy)) return std::exchange(now_.redis_policy, {});
    if (!now_.redis_policy.ok()) {
      log::Error("Redis is not safe for events", {{"error", now_.redis_policy.message()}});
    }
    policy_checked_ = true;
  }
  std::vector<int32_t> numbers;
  for (const auto& [shard, unused] : shards_) numbers.push_back(shard);
  OKR_ASSIGN_OR_RETURN(const auto heads, writer_.Heads(numbers));
  for (const auto& [shard, head] : heads) {
    std::optional<LogPosition>& published = shards_[shard].published;
    if (published != head) published.reset();
  }
  return absl::OkStatus();
}

absl::Status Relay::MakePartitions() {
  int64_t head = 0;
  for (const auto& [unused, state] : shards_) head = std::max(head, state.log.head.position);
  if (partitions_for_ >= 0 && head < partitions_for_ + kPartitionStep) return absl::OkStatus();
  OKR_RETURN_IF_ERROR(FromDatabase(
      connection_
          ->Execute(kMakeLogPartitions, postgres::Params().Int64(head), absl::Now() + kBudget)
          .status()));
  partitions_for_ = head;
  return absl::OkStatus();
}

absl::StatusOr<Relay::Progress> Relay::PublishShard(int32_t shard, Shard& state) {
  if (!state.published) {
    auto heads = writer_.Heads({shard});
    OKR_RETURN_IF_ERROR(FromRedis(heads.status()));
    OKR_RETURN_IF_ERROR(Verify(shard, state, heads->at(shard)));
    if (!state.published) return Progress::kDone;
  }
  for (int page = 0; page < kPagesInARow; ++page) {
    if (stopper_.stopped() || state.published->position >= state.wanted) return Progress::kDone;
    OKR_RETURN_IF_ERROR(PublishPage(shard, state));
    if (!state.trouble.empty()) return Progress::kDone;
    if (!state.published) return Progress::kMore;  // Another relay was faster.
  }
  return state.published->position < state.wanted ? Progress::kMore : Progress::kDone;
}

absl::Status Relay::PublishPage(int32_t shard, Shard& state) {
  auto events = ReadLog(*connection_, options_.source,
                        {.shard = shard, .after = state.published->position, .limit = page_},
                        absl::Now() + kBudget);
  if (!events.ok()) {
    const auto failure = postgres::FailureOf(events.status());
    if (failure && failure->timed_out) page_ = std::max(1, page_ / 2);
    return FromDatabase(events.status());
  }
  page_ = options_.batch;
  if (events->empty()) {
    // Rolled back, or a head that is ahead of what is kept.
    state.wanted = state.published->position;
    return absl::OkStatus();
  }
  const LogPosition first = PositionOf(events->front());
  if (state.published->position > 0 && first.position != state.published->position + 1) {
    const std::string trouble =
        absl::StrCat("the log has no event after ", state.published->ToEntryId());
    if (trouble != std::exchange(state.trouble, trouble)) {
      log::Error("the log has a gap", {{"shard", shard}, {"error", trouble}});
    }
    return absl::OkStatus();
  }
  state.trouble.clear();
  failpoint::Reach(FailPoint::kRelayLogRead);
  return FromRedis(AppendAll(shard, state, *events));
}

absl::Status Relay::AppendAll(int32_t shard, Shard& state, absl::Span<const v1::Event> events) {
  while (!events.empty()) {
    size_t count = 0;
    size_t bytes = 0;
    while (count < events.size() && (count == 0 || bytes < kAppendBytes)) {
      bytes += events[count++].ByteSizeLong();
    }
    const LogPosition last = PositionOf(events[count - 1]);
    failpoint::Reach(FailPoint::kRelayBeforeScript);
    OKR_ASSIGN_OR_RETURN(const LogPosition head,
                         writer_.Append(shard, *state.published, events.first(count)));
    failpoint::Reach(FailPoint::kRelayAfterScript);
    if (state.published->position == 0 && last.position < state.wanted) {
      failpoint::Reach(FailPoint::kRelayRefill);
    }
    if (head != last) {
      state.published.reset();
      return absl::OkStatus();
    }
    state.published = head;
    state.published_events += static_cast<int64_t>(count);
    events.remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::Status Relay::Verify(int32_t shard, Shard& state, const LogPosition& head) {
  OKR_ASSIGN_OR_RETURN(const std::string trouble, FindTrouble(shard, state, head));
  if (!trouble.empty() && trouble != state.trouble) {
    log::Error("a stream is not of this log's history; it is not published any further",
               {{"stream", StreamName(options_.source, shard)}, {"error", trouble}});
  }
  state.trouble = trouble;
  if (trouble.empty()) state.published = head;
  return absl::OkStatus();
}

absl::StatusOr<std::string> Relay::FindTrouble(int32_t shard, Shard& state,
                                               const LogPosition& head) {
  if (head == LogPosition{}) return "";
  auto in_stream = writer_.LastEventId(shard);
  OKR_RETURN_IF_ERROR(FromRedis(in_stream.status()));
  // The log as it is after that look.
  OKR_RETURN_IF_ERROR(ReadLogHeads());
  if (head.position > state.log.head.position) {
    return absl::StrCat("the stream's head ", head.ToEntryId(), " is beyond the log's head ",
                        state.log.head.ToEntryId());
  }
  if (const int64_t epoch = state.log.EpochOf(head.position); epoch != head.epoch) {
    return absl::StrCat("the stream's head ", head.ToEntryId(), " is of another epoch than ", epoch,
                        " of the log");
  }
  auto in_log =
      ReadLog(*connection_, options_.source,
              {.shard = shard, .after = head.position - 1, .until = head.position, .limit = 1},
              absl::Now() + kBudget);
  OKR_RETURN_IF_ERROR(FromDatabase(in_log.status()));
  // An empty stream or a log that forgot the event tell nothing against it.
  if (!in_stream->has_value() || in_log->empty() || **in_stream == in_log->front().id()) return "";
  // Between the two looks another relay may have appended: then this head is not the last any more.
  auto again = writer_.Heads({shard});
  OKR_RETURN_IF_ERROR(FromRedis(again.status()));
  if (again->at(shard) != head) return "";
  return absl::StrCat("the event at the stream's head ", head.ToEntryId(), " has id ", **in_stream,
                      ", that of the log ", in_log->front().id());
}

absl::Status Relay::FromDatabase(const absl::Status& status) {
  now_.database = status;
  return status;
}

absl::Status Relay::FromRedis(const absl::Status& status) {
  now_.redis = status;
  if (status.ok()) return status;
  // It may come back as another server.
  policy_checked_ = false;
  for (auto& [unused, state] : shards_) state.published.reset();
  return status;
}

void Relay::ShowState() {
  now_.shards.clear();
  const absl::Time now = absl::Now();
  for (auto& [shard, state] : shards_) {
    if (state.published) state.reached = state.published->position;
    state.lag.Update({.position = state.reached}, {.position = state.wanted}, now);
    now_.shards.push_back({.shard = shard,
                           .log_head = state.log.head,
                           .published = state.published.value_or(LogPosition{}),
                           .lag = std::max<int64_t>(state.wanted - state.reached, 0),
                           .behind_since = state.lag.since(),
                           .published_events = state.published_events,
                           .trouble = state.trouble});
  }
  const std::lock_guard lock(mutex_);
  shown_ = now_;
}

}  // namespace okr::events
