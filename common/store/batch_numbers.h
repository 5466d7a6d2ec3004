// What a queue of batches counts of itself.
#pragma once

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "common/metrics/values.h"

namespace okr::store {

// Thread-safe.
struct BatchNumbers {
  metrics::Histogram size{metrics::kSizes};        // Of a batch as it was taken from the queue.
  metrics::Histogram wait{metrics::kStepSeconds};  // Of a member, until its batch was taken.
  metrics::Histogram took{metrics::kStepSeconds};  // Of a batch, with all its attempts.
  metrics::Counter repeats;                        // Attempts beyond the first.
  metrics::Counter refused;                        // What found the queue full.

  // A batch of `items`, which know when they were submitted, was taken at `now`.
  template <typename Item>
  void Taken(const std::vector<std::unique_ptr<Item>>& items, absl::Time now) {
    size.Observe(static_cast<double>(items.size()));
    for (const std::unique_ptr<Item>& item : items) wait.Observe(now - item->submitted);
  }
};

}  // namespace okr::store
