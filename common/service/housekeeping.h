// What a service's database needs now and then.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/postgres/connection.h"

namespace okr::service {

// Forgets the answers to request ids after a week: a retry comes within minutes. One thread; any
// number of replicas may do it at once.
class Housekeeping {
 public:
  static constexpr absl::Duration kKeepRequests = absl::Hours(24 * 7);

  // `relay_database` with the relay role, which may call the function that forgets. `clock` must
  // outlive it.
  Housekeeping(postgres::Options relay_database, const Clock& clock)
      : database_(std::move(relay_database)), clock_(clock) {}
  ~Housekeeping() { Stop(); }
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

  // Works every hour from now on.
  void Start();
  void Stop();

  // Works once, now.
  absl::Status Work();

 private:
  void Run();

  const postgres::Options database_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace okr::service
