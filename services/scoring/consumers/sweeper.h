// Evaluates whole cycles again: when a day has begun in the organization's zone, when the cycle or
// the organization changed, and for the final scores.
#pragma once

#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/stopper.h"
#include "common/log/rate_limit.h"
#include "common/postgres/connection.h"
#include "common/store/session.h"
#include "services/scoring/consumers/score_transaction.h"

namespace okr::scoring {

struct SweeperOptions {
  postgres::Options database;  // With the runtime role.
  absl::Duration poll_interval = absl::Seconds(1);
  int page = 200;  // Objectives and key results of one transaction.
  // How long a sweep that cannot be done is left alone.
  absl::Duration after_failure = absl::Minutes(1);
};

// One thread. Any number of sweepers may run at once: the row of a sweep moves in the transaction
// that has the effect, under the organization's book, so each page is done once.
class Sweeper {
 public:
  Sweeper(SweeperOptions options, const ScoreDeps& deps);
  ~Sweeper();  // Stops.
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

  void Start();
  void Stop();
  // Looks at once. Thread-safe, cheap.
  void Wake() { stopper_.Wake(); }

  // Does one page of one sweep that is due; false if none is. For the thread and tests.
  absl::StatusOr<bool> RunOnce(postgres::Connection& connection);

 private:
  struct Sweep {
    int32_t shard = 0;
    std::string organization;
    std::string cycle;  // Relative name.
  };
  struct Page;

  void Run();
  absl::Status RunPage(postgres::Connection& connection, const Sweep& sweep);
  absl::Status Postpone(postgres::Connection& connection, const Sweep& sweep);
  absl::StatusOr<std::optional<Page>> ReadPage(postgres::Transaction& transaction,
                                               const Sweep& sweep, absl::Time now) const;

  const SweeperOptions options_;
  const ScoreDeps deps_;
  events::Stopper stopper_;
  log::RateLimit log_limit_{absl::Seconds(10)};
  std::thread thread_;
};

}  // namespace okr::scoring
