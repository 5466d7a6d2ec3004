#include "services/scoring/domain/mean.h"

#include <algorithm>

#include "services/scoring/domain/numbers.h"

namespace okr::scoring {

std::optional<double> WeightedMean(const std::vector<Part>& parts) {
  double weighted = 0.0;
  double weights = 0.0;
  for (const Part& part : parts) {
    if (!part.included || !part.value) continue;
    weighted += part.weight * *part.value;
    weights += part.weight;
  }
  if (weights == 0.0) return std::nullopt;
  return WithoutNegativeZero(weighted / weights);
}

void SortByName(std::vector<Part>& parts) {
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Part& a, const Part& b) { return a.name < b.name; });
}

}  // namespace okr::scoring
