// The one way in which numbers are averaged.
#pragma once

#include <optional>
#include <vector>

#include "services/scoring/domain/explanation.h"

namespace okr::scoring {

// sum(weight * value) / sum(weight) over the included parts, summed left to right in the order
// given; absent if none is included. Included parts have a value and a weight above 0.
std::optional<double> WeightedMean(const std::vector<Part>& parts);

// Puts parts into the order of resource names, byte by byte.
void SortByName(std::vector<Part>& parts);

}  // namespace okr::scoring
