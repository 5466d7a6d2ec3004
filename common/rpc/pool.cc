#include "common/rpc/pool.h"

#include <utility>

namespace okr::rpc {

Pool::Pool(Options options) : options_(options) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Run(); });
}

Pool::~Pool() { Stop(); }

bool Pool::TrySubmit(std::function<void()> task) {
  const absl::MutexLock lock(&mutex_);
  if (stopping_ || tasks_.size() >= options_.queue) return false;
  tasks_.push_back(std::move(task));
  return true;
}

void Pool::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Pool::Run() {
  for (;;) {
    std::function<void()> task;
    {
      const absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !tasks_.empty();
      };
      mutex_.Await(absl::Condition(&has_work));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace okr::rpc
