// A second implementation of every formula, from the explanation alone: what a program without our
// code would do. For tests only.
#pragma once

#include <optional>
#include <string>

#include "services/scoring/domain/explanation.h"

namespace okr::scoring::testing {

struct Recomputed {
  std::optional<double> result;
  std::string label;
};

// The result and label of `explanation`, recomputed; fails the test for an unknown formula.
Recomputed Recompute(const Explanation& explanation);

// Expects that recomputing gives the same bits and the same name.
void ExpectRecomputes(const Explanation& explanation);

}  // namespace okr::scoring::testing
