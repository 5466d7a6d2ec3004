// Work of many organizations, handed out in batches: what arrives for an organization while its
// last batch is under way forms the next one. No timer; organizations take turns.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace okr::store {

// Thread-safe.
template <typename Item>
class OrgQueue {
 public:
  struct Taken {
    std::string organization;
    std::vector<Item> items;
  };

  OrgQueue(size_t max_batch, size_t max_waiting)
      : max_batch_(max_batch), max_waiting_(max_waiting) {}

  // False if too much is waiting or the queue is closed; `item` is then left as it was.
  bool Push(const std::string& organization, Item& item) {
    absl::MutexLock lock(&mutex_);
    if (closed_ || waiting_ >= max_waiting_) return false;
    Lane& lane = lanes_[organization];
    lane.items.push_back(std::move(item));
    ++waiting_;
    if (!lane.busy && lane.items.size() == 1) ready_.push_back(organization);
    return true;
  }

  // Waits for work. The organization is not handed out again before Done. Nothing once the queue is
  // closed and empty.
  std::optional<Taken> Take() {
    absl::MutexLock lock(&mutex_);
    const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !ready_.empty() || (closed_ && waiting_ == 0);
    };
    mutex_.Await(absl::Condition(&has_work));
    if (ready_.empty()) return std::nullopt;
    Taken taken;
    taken.organization = std::move(ready_.front());
    ready_.pop_front();
    Lane& lane = lanes_[taken.organization];
    lane.busy = true;
    while (!lane.items.empty() && taken.items.size() < max_batch_) {
      taken.items.push_back(std::move(lane.items.front()));
      lane.items.pop_front();
    }
    waiting_ -= taken.items.size();
    return taken;
  }

  void Done(const std::string& organization) {
    absl::MutexLock lock(&mutex_);
    const auto lane = lanes_.find(organization);
    lane->second.busy = false;
    if (lane->second.items.empty()) {
      lanes_.erase(lane);
    } else {
      ready_.push_back(organization);
    }
  }

  // Takes no more work; what waits is still handed out.
  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

  size_t waiting() const {
    absl::MutexLock lock(&mutex_);
    return waiting_;
  }
  bool closed() const {
    absl::MutexLock lock(&mutex_);
    return closed_;
  }

 private:
  struct Lane {
    std::deque<Item> items;
    bool busy = false;
  };

  const size_t max_batch_;
  const size_t max_waiting_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Lane> lanes_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> ready_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace okr::store
