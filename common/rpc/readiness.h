// Whether the process can serve, and why not.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/rpc/event.h"

namespace okr::rpc {

// Asks all checks again and again from a thread of its own and tells of each change. Not ready
// before the first round.
class Readiness {
 public:
  struct Check {
    std::string name;                     // For the log, e.g. "postgres".
    std::function<absl::Status()> check;  // Quick: it delays all others. OK if all is well.
  };
  // Called from the thread of checks, and from the one that calls Start (once).
  using OnChange = std::function<void(bool ready)>;

  Readiness(std::vector<Check> checks, absl::Duration interval, OnChange on_change);
  ~Readiness();  // See Stop.
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // Runs the first round, then starts the thread.
  void Start();
  // How each check stood when it was last asked. Does not wait for a check that is being asked.
  struct State {
    std::string name;
    absl::Status status;
  };
  std::vector<State> states() const;
  // Joins the thread; nothing is told afterwards.
  void Stop();

 private:
  void Run();
  void Round();
  static void Tell(const Check& check, const absl::Status& before, const absl::Status& now);

  const std::vector<Check> checks_;
  const absl::Duration interval_;
  const OnChange on_change_;
  mutable std::mutex mutex_;
  std::vector<absl::Status> last_ ABSL_GUARDED_BY(mutex_);  // By check.
  bool asked_ ABSL_GUARDED_BY(mutex_) = false;              // All of them, at least once.
  bool told_ = false;                                       // Whether OnChange was called at all.
  bool ready_ = false;
  Event stopping_;
  std::thread thread_;
};

}  // namespace okr::rpc
