// Numbers that a program counts of itself. Who counts owns them and knows nothing of who shows them
// (registry.h). All are thread-safe, without locks where they are counted.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace okr::metrics {

// Only grows.
class Counter {
 public:
  void Add(uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// How many there are now.
class Gauge {
 public:
  void Add(int64_t change) { value_.fetch_add(change, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// Upper bounds of buckets, in seconds: of whole calls, and of their steps.
inline constexpr std::array kCallSeconds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
inline constexpr std::array kStepSeconds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                            0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                            1.0,    2.5,     5.0,    10.0};
inline constexpr std::array kSizes = {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0};

// How often values fell into which bucket, and their sum.
class Histogram {
 public:
  // `bounds` grow, and live as long as the program.
  explicit Histogram(absl::Span<const double> bounds)
      : bounds_(bounds), counts_(bounds.size() + 1) {}

  // A value that stands for `times` of its kind.
  void Observe(double value, uint64_t times = 1);
  // In seconds; a clock that was set back is taken for no time.
  void Observe(absl::Duration duration, uint64_t times = 1) {
    Observe(std::max(absl::ToDoubleSeconds(duration), 0.0), times);
  }

  struct Snapshot {
    std::vector<uint64_t> counts;  // Up to each bound, with those below it; the last has no bound.
    double sum = 0;
  };
  Snapshot Take() const;
  absl::Span<const double> bounds() const { return bounds_; }

 private:
  const absl::Span<const double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;  // Of each bucket alone.
  std::atomic<double> sum_{0};
};

// Histograms by the value of one label, each made when it is first asked for.
class HistogramMap {
 public:
  explicit HistogramMap(absl::Span<const double> bounds) : bounds_(bounds) {}

  // Lives as long as this. Takes a lock: remember what it gives.
  Histogram& Of(absl::string_view label);
  void ForEach(const std::function<void(const std::string& label, const Histogram&)>& look) const;

 private:
  const absl::Span<const double> bounds_;
  mutable std::mutex mutex_;
  std::map<std::string, Histogram> histograms_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace okr::metrics
