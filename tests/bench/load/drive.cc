#include "tests/bench/load/drive.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace okr::bench {
namespace {

// What a loop has measured so far. Thread-safe, but `Add` of one lane may not run twice at once.
class Tally {
 public:
  Tally(const Window& window, size_t lanes) : window_(window), lanes_(lanes) {}

  void Add(size_t lane, Instant counted_at, Clock::duration took, const absl::Status& status) {
    if (!window_.Has(counted_at)) return;
    if (status.ok()) return lanes_[lane].Add(took);
    const std::lock_guard lock(mutex_);
    ++failures_;
    if (first_error_.empty()) first_error_ = status.ToString();
  }

  Measurement Take() {
    Measurement measurement{.window = window_};
    for (const Latencies& lane : lanes_) measurement.latencies.Add(lane);
    const std::chrono::duration<double> seconds = window_.end - window_.begin;
    measurement.rate = static_cast<double>(measurement.latencies.size()) / seconds.count();
    const std::lock_guard lock(mutex_);
    measurement.failures = failures_;
    measurement.first_error = first_error_;
    return measurement;
  }

 private:
  const Window window_;
  std::vector<Latencies> lanes_;
  std::mutex mutex_;
  int64_t failures_ = 0;
  std::string first_error_;
};

// Counts what is under way, and waits for the last to end.
class Open {
 public:
  void Begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void End() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  void AwaitNone() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int64_t count_ = 0;
};

Window WindowFrom(Instant start, const Timing& timing) {
  return {.begin = start + timing.warm_up, .end = start + timing.warm_up + timing.measured};
}

// One of the calls that a closed loop keeps in flight.
void KeepInFlight(Workload& workload, size_t lane, const Window& window, Tally& tally, Open& open) {
  const Instant sent = Clock::now();
  if (sent >= window.end) return open.End();
  workload.Send([&workload, lane, &window, &tally, &open, sent](const absl::Status& status) {
    const Instant ended = Clock::now();
    tally.Add(lane, ended, ended - sent, status);
    KeepInFlight(workload, lane, window, tally, open);
  });
}

}  // namespace

Measurement RunClosedLoop(Workload& workload, int in_flight, const Timing& timing) {
  const Window window = WindowFrom(Clock::now(), timing);
  Tally tally(window, static_cast<size_t>(in_flight));
  Open open;
  for (int i = 0; i < in_flight; ++i) open.Begin();
  for (int i = 0; i < in_flight; ++i) {
    KeepInFlight(workload, static_cast<size_t>(i), window, tally, open);
  }
  open.AwaitNone();
  return tally.Take();
}

Measurement RunOpenLoop(Workload& workload, double calls_a_second, const Timing& timing) {
  const Instant start = Clock::now();
  const Window window = WindowFrom(start, timing);
  Tally tally(window, 1);
  std::mutex one_at_a_time;
  Open open;
  open.Begin();
  for (int64_t i = 0;; ++i) {
    const Instant due = start + Seconds(static_cast<double>(i) / calls_a_second);
    if (due >= window.end) break;
    std::this_thread::sleep_until(due);
    open.Begin();
    workload.Send([&, due](const absl::Status& status) {
      const Instant ended = Clock::now();
      {
        const std::lock_guard lock(one_at_a_time);
        tally.Add(0, due, ended - due, status);
      }
      open.End();
    });
  }
  open.End();
  open.AwaitNone();
  return tally.Take();
}

}  // namespace okr::bench
