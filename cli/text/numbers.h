// Numbers as people read them.
#pragma once

#include <string>

namespace okr::cli {

// Two decimals, rounded half away from zero in the shortest decimal form: 0.125 is "0.13", 1.005 is
// "1.01". `value` must be finite.
std::string TwoDecimals(double value);

// The shortest text that reads back as the same value, without exponent: "12.5", "-3", "100000".
std::string Shortest(double value);

// A share in [0, 1] as whole percent, rounded half away from zero: 0.125 is "13 %".
std::string Percent(double share);

}  // namespace okr::cli
