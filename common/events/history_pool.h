// A few threads that read the log from PostgreSQL for calls and streams.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/connection.h"

namespace okr::events {

// Each thread has one connection. Thread-safe.
class HistoryPool {
 public:
  struct Options {
    postgres::Options database;  // With the relay role.
    int threads = 2;
    size_t queue = 10'000;  // How many jobs may wait.
  };
  // Gets a usable connection, or why there is none.
  using Job = std::function<void(absl::StatusOr<postgres::Connection*>)>;

  explicit HistoryPool(Options options);
  ~HistoryPool();  // Stops.
  HistoryPool(const HistoryPool&) = delete;
  HistoryPool& operator=(const HistoryPool&) = delete;

  // Every job is called once: on a thread of the pool; or here, with UNAVAILABLE / SHUTTING_DOWN or
  // RESOURCE_EXHAUSTED / OVERLOADED, if it cannot be taken.
  void Submit(Job job);

  // Ends the jobs that wait with SHUTTING_DOWN and joins the threads.
  void Stop();

 private:
  void Run();

  const Options options_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
};

}  // namespace okr::events
