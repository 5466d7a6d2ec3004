// How long to wait before the next try of something that fails.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/time/time.h"

namespace okr {

// Doubles from `initial` to `longest`, and spreads each delay evenly over its upper half, so that
// clients which failed together do not come back together. Not thread-safe.
class Backoff {
 public:
  struct Options {
    absl::Duration initial = absl::Milliseconds(50);
    absl::Duration longest = absl::Seconds(5);
  };
  // `random` gives numbers from [0, 1).
  Backoff(const Options& options, std::function<double()> random)
      : options_(options), random_(std::move(random)), next_(options.initial) {}

  // The delay after one more failure.
  absl::Duration Failed() {
    const absl::Duration delay = next_;
    next_ = std::min(next_ * 2, options_.longest);
    return delay * (0.5 + random_() / 2);
  }
  void Succeeded() { next_ = options_.initial; }

 private:
  Options options_;
  std::function<double()> random_;
  absl::Duration next_;
};

}  // namespace okr
