#include "common/postgres/pool.h"

#include <chrono>
#include <utility>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"

namespace okr::postgres {
namespace {

constexpr Statement kProbe{"okr.probe", "SELECT 1"};

absl::Status Unavailable(absl::string_view why, absl::Duration retry_delay) {
  return MakeFailure({.message = std::string(why), .connection_lost = true}, retry_delay);
}

PoolOptions WithDefaults(PoolOptions options) {
  if (!options.now) options.now = absl::Now;
  if (!options.random) {
    options.random = [random = std::make_shared<absl::BitGen>()] {
      return absl::Uniform(*random, 0.0, 1.0);
    };
  }
  return options;
}

}  // namespace

ConnectionPool::ConnectionPool(PoolOptions options)
    : options_(WithDefaults(std::move(options))), backoff_(options_.backoff, options_.random) {}

absl::StatusOr<ConnectionPool::Lease> ConnectionPool::Acquire(absl::Time deadline) {
  {
    std::unique_lock lock(mutex_);
    const auto free = [this] { return lent_ < options_.size; };
    // A steady clock's wait cannot be moved by the wall clock.
    const absl::Duration patience = std::max(deadline - options_.now(), absl::ZeroDuration());
    if (!returned_.wait_for(lock, absl::ToChronoNanoseconds(std::min(patience, absl::Hours(1))),
                            free)) {
      return Unavailable("all connections of the pool are in use", absl::Milliseconds(100));
    }
    ++lent_;
  }
  if (std::unique_ptr<Connection> idle = TakeIdle()) return Lease(this, std::move(idle));
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connect(deadline);
  if (!connection.ok()) {
    GiveBack(nullptr);
    return connection.status();
  }
  return Lease(this, *std::move(connection));
}

std::unique_ptr<Connection> ConnectionPool::TakeIdle() {
  const std::lock_guard lock(mutex_);
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->CheckAlive()) return connection;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Connection>> ConnectionPool::Connect(absl::Time deadline) {
  {
    const std::lock_guard lock(mutex_);
    const absl::Duration wait = next_try_ - options_.now();
    if (wait > absl::ZeroDuration()) return Unavailable("the next try has to wait", wait);
  }
  Options options = options_.connection;
  options.connect_timeout = std::min(options.connect_timeout, deadline - options_.now());
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options);
  const std::lock_guard lock(mutex_);
  healthy_ = connection.ok();
  if (connection.ok()) {
    backoff_.Succeeded();
    next_try_ = absl::InfinitePast();
  } else {
    next_try_ = options_.now() + backoff_.Failed();
  }
  return connection;
}

void ConnectionPool::GiveBack(std::unique_ptr<Connection> connection) {
  if (connection != nullptr && (connection->in_transaction() || connection->has_queued())) {
    connection->Rollback(absl::Now() + absl::Seconds(1)).IgnoreError();
  }
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (connection != nullptr && !connection->broken() && idle_.size() < options_.max_idle) {
      idle_.push_back(std::move(connection));
    }
  }
  returned_.notify_one();
}

absl::Status ConnectionPool::Probe(absl::Time deadline) {
  {
    const std::lock_guard lock(mutex_);
    if (healthy_ && lent_ >= options_.size) return absl::OkStatus();
  }
  OKR_ASSIGN_OR_RETURN(const Lease lease, Acquire(deadline));
  absl::Status status = lease->Execute(kProbe, {}, deadline).status();
  const std::lock_guard lock(mutex_);
  healthy_ = status.ok();
  return status;
}

ConnectionPool::Counts ConnectionPool::counts() const {
  const std::lock_guard lock(mutex_);
  return {.size = options_.size, .lent = lent_, .idle = idle_.size()};
}

bool ConnectionPool::healthy() const {
  const std::lock_guard lock(mutex_);
  return healthy_;
}

ConnectionPool::Lease& ConnectionPool::Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    Return();
    pool_ = other.pool_;
    connection_ = std::move(other.connection_);
  }
  return *this;
}

ConnectionPool::Lease::~Lease() { Return(); }

void ConnectionPool::Lease::Return() {
  if (connection_ != nullptr) pool_->GiveBack(std::move(connection_));
}

}  // namespace okr::postgres
