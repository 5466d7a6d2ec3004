#include "common/events/history_pool.h"

#include <memory>
#include <utility>

#include "common/status/error.h"

namespace okr::events {
namespace {

absl::Status ShuttingDown() {
  return MakeError(absl::StatusCode::kUnavailable, "the service is stopping; connect again",
                   {.reason = "SHUTTING_DOWN", .retry_delay = absl::ZeroDuration()});
}

absl::Status Overloaded() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "too many readers of the event log are waiting",
                   {.reason = "OVERLOADED", .retry_delay = absl::Seconds(1)});
}

}  // namespace

HistoryPool::HistoryPool(Options options) : options_(std::move(options)) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Run(); });
}

HistoryPool::~HistoryPool() { Stop(); }

void HistoryPool::Submit(Job job) {
  absl::Status refusal;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && jobs_.size() < options_.queue) {
      jobs_.push_back(std::move(job));
      changed_.notify_one();
      return;
    }
    refusal = stopping_ ? ShuttingDown() : Overloaded();
  }
  job(refusal);
}

void HistoryPool::Stop() {
  std::deque<Job> ended;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ended.swap(jobs_);
    changed_.notify_all();
  }
  for (const Job& job : ended) job(ShuttingDown());
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void HistoryPool::Run() {
  std::unique_ptr<postgres::Connection> connection;
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (stopping_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    if (connection != nullptr && !connection->CheckAlive()) connection.reset();
    if (connection == nullptr) {
      auto opened = postgres::Connection::Open(options_.database);
      if (!opened.ok()) {
        job(opened.status());
        continue;
      }
      connection = *std::move(opened);
    }
    job(connection.get());
  }
}

}  // namespace okr::events
