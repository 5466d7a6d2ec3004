#include "tests/bench/load/latencies.h"

#include <algorithm>
#include <cmath>

namespace okr::bench {

void Latencies::Add(const Latencies& others) {
  nanoseconds_.insert(nanoseconds_.end(), others.nanoseconds_.begin(), others.nanoseconds_.end());
}

double Latencies::Quantile(double share) {
  if (nanoseconds_.empty()) return 0;
  const auto count = static_cast<double>(nanoseconds_.size());
  const auto rank = static_cast<size_t>(std::max(0.0, std::ceil(share * count) - 1));
  const auto at = nanoseconds_.begin() + static_cast<int64_t>(rank);
  std::nth_element(nanoseconds_.begin(), at, nanoseconds_.end());
  return static_cast<double>(*at) / 1000;
}

}  // namespace okr::bench
