#include "services/scoring/domain/rounding.h"

#include <array>
#include <charconv>
#include <cmath>

namespace okr::scoring {
namespace {

constexpr double kThresholdUnit = 1e9;
constexpr size_t kDecimals = 2;

// Adds one to the last digit of a decimal number without a sign ("9.99" becomes "10.00").
void Increment(std::string& digits) {
  for (size_t i = digits.size(); i-- > 0;) {
    if (digits[i] == '.') continue;
    if (digits[i] != '9') {
      ++digits[i];
      return;
    }
    digits[i] = '0';
  }
  digits.insert(digits.begin(), '1');
}

// Plain digits that read back as the same double, as few as possible.
std::string ShortestDigits(double magnitude) {
  std::array<char, 400> buffer;  // The smallest double has 324 decimals and up to 17 digits.
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude,
                                 std::chars_format::fixed);
  return std::string(buffer.data(), end.ptr);
}

}  // namespace

double RoundForThreshold(double value) {
  return std::round(value * kThresholdUnit) / kThresholdUnit;
}

std::string FormatScore(double value) {
  std::string digits = ShortestDigits(std::abs(value));
  if (digits.find('.') == std::string::npos) digits += '.';
  const size_t wanted = digits.find('.') + 1 + kDecimals;
  const bool up = digits.size() > wanted && digits[wanted] >= '5';
  digits.resize(wanted, '0');
  if (up) Increment(digits);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !zero ? "-" + digits : digits;
}

}  // namespace okr::scoring
