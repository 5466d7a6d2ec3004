#include "common/metrics/values.h"

#include <algorithm>

namespace okr::metrics {

void Histogram::Observe(double value, uint64_t times) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[bound - bounds_.begin()].fetch_add(times, std::memory_order_relaxed);
  sum_.fetch_add(value * static_cast<double>(times), std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::Take() const {
  Snapshot snapshot{.sum = sum_.load(std::memory_order_relaxed)};
  uint64_t total = 0;
  for (const std::atomic<uint64_t>& count : counts_) {
    total += count.load(std::memory_order_relaxed);
    snapshot.counts.push_back(total);
  }
  return snapshot;
}

Histogram& HistogramMap::Of(absl::string_view label) {
  const std::lock_guard lock(mutex_);
  return histograms_.try_emplace(std::string(label), bounds_).first->second;
}

void HistogramMap::ForEach(
    const std::function<void(const std::string&, const Histogram&)>& look) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [label, histogram] : histograms_) look(label, histogram);
}

}  // namespace okr::metrics
