// A few threads for plain blocking code.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"

namespace okr::rpc {

// Runs tasks in the order of their coming. Thread-safe.
class Pool {
 public:
  struct Options {
    int threads = 8;
    size_t queue = 256;  // How many tasks may wait.
  };

  explicit Pool(Options options);
  ~Pool();  // See Stop.
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // False, and the task is dropped, if the queue is full or the pool was stopped.
  bool TrySubmit(std::function<void()> task);

  // Takes no more tasks, runs those that wait, and joins the threads. From one thread only.
  void Stop();

 private:
  void Run();

  const Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace okr::rpc
