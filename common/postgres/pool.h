// A bounded set of connections that are lent one at a time.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/backoff/backoff.h"
#include "common/postgres/connection.h"

namespace okr::postgres {

struct PoolOptions {
  Options connection;
  size_t size = 4;      // Connections at most, lent and idle ones.
  size_t max_idle = 4;  // More are closed when they come back.
  Backoff::Options backoff;
  std::function<absl::Time()> now;  // absl::Now if empty.
  std::function<double()> random;   // Of [0, 1), called under a lock; the system's if empty.
};

// Thread-safe; must outlive its leases. Connects when it is asked, so its start needs no database.
// While the server cannot be reached, Acquire fails at once until the backoff lets it try again.
class ConnectionPool {
 public:
  // A borrowed connection; goes back when it is destroyed. An open transaction is rolled back, a
  // broken connection replaced.
  class Lease {
   public:
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease();
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    friend class ConnectionPool;
    Lease(ConnectionPool* pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    void Return();
    ConnectionPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  explicit ConnectionPool(PoolOptions options);

  // Waits for a free connection until `deadline`. UNAVAILABLE / DATABASE_UNAVAILABLE with retry
  // delay if the database cannot be reached or all connections stay lent.
  absl::StatusOr<Lease> Acquire(absl::Time deadline);

  // Asks the server for an answer; what a readiness check calls from time to time, so that the
  // pool is found healthy again also when nobody else uses it. OK if all connections are lent and
  // the last word was good.
  absl::Status Probe(absl::Time deadline);

  struct Counts {
    size_t size = 0;
    size_t lent = 0;
    size_t idle = 0;
  };
  // For metrics.
  Counts counts() const;

  // Whether the last Probe or connecting went well; true before the first.
  bool healthy() const;

 private:
  absl::StatusOr<std::unique_ptr<Connection>> Connect(absl::Time deadline);
  // An idle connection that still lives; null if there is none.
  std::unique_ptr<Connection> TakeIdle();
  void GiveBack(std::unique_ptr<Connection> connection);

  const PoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  size_t lent_ = 0;
  bool healthy_ = true;
  Backoff backoff_;
  absl::Time next_try_ = absl::InfinitePast();
};

}  // namespace okr::postgres
