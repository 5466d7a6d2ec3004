// The connection of one worker thread, opened when it is needed.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/postgres/connection.h"

namespace okr::store {

// Not thread-safe.
class Session {
 public:
  Session(postgres::Options options, const Clock& clock)
      : options_(std::move(options)), clock_(clock) {}

  // A usable connection, or UNAVAILABLE. After a failure the server is not bothered again for a
  // moment: meanwhile the failure is repeated at once, so that callers do not queue up behind a
  // dead database.
  absl::StatusOr<postgres::Connection*> Get();

 private:
  const postgres::Options options_;
  const Clock& clock_;
  std::unique_ptr<postgres::Connection> connection_;
  absl::Status failure_;
  absl::Time retry_time_ = absl::InfinitePast();
};

}  // namespace okr::store
