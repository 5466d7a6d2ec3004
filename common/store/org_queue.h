// Work of many organizations, handed out in batches: what arrives for an organization while its
// last batch is under way forms the next one. No timer; organizations take turns.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

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
    std::lock_guard lock(mutex_);
    if (closed_ || waiting_ >= max_waiting_) return false;
    Lane& lane = lanes_[organization];
    lane.items.push_back(std::move(item));
    ++waiting_;
    if (!lane.busy && lane.items.size() == 1) {
      ready_.push_back(organization);
      work_.notify_one();
    }
    return true;
  }

  // Waits for work. The organization is not handed out again before Done. Nothing once the queue is
  // closed and empty.
  std::optional<Taken> Take() {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [this] { return !ready_.empty() || (closed_ && waiting_ == 0); });
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
    if (closed_ && waiting_ == 0) work_.notify_all();
    return taken;
  }

  void Done(const std::string& organization) {
    std::lock_guard lock(mutex_);
    const auto lane = lanes_.find(organization);
    lane->second.busy = false;
    if (lane->second.items.empty()) {
      lanes_.erase(lane);
    } else {
      ready_.push_back(organization);
      work_.notify_one();
    }
  }

  // Takes no more work; what waits is still handed out.
  void Close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    work_.notify_all();
  }

  size_t waiting() const {
    std::lock_guard lock(mutex_);
    return waiting_;
  }
  bool closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
  }

 private:
  struct Lane {
    std::deque<Item> items;
    bool busy = false;
  };

  const size_t max_batch_;
  const size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable work_;  // There is some, or the queue is closed.
  absl::flat_hash_map<std::string, Lane> lanes_;
  std::deque<std::string> ready_;
  size_t waiting_ = 0;
  bool closed_ = false;
};

}  // namespace okr::store
