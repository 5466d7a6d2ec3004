// The only two roundings of scoring. Everything else keeps all bits.
#pragma once

#include <string>

namespace okr::scoring {

// The value that is compared with a threshold: round(value * 1e9) / 1e9 in IEEE doubles, half away
// from zero. So three scores of 0.7 are 0.7 and not the double below it.
double RoundForThreshold(double value);

// What a person sees: the shortest decimal form of the double, rounded half away from zero to two
// decimals, always with two of them ("0.70", "-0.50"; never "-0.00"). For the edge only: never
// compute with it. `value` must be finite.
std::string FormatScore(double value);

}  // namespace okr::scoring
