#include "cli/text/numbers.h"

#include <array>
#include <charconv>

#include "absl/strings/str_cat.h"

namespace okr::cli {
namespace {

// Adds one to the last digit of a decimal text of digits and at most one point.
void IncrementLastDigit(std::string& digits) {
  for (size_t i = digits.size(); i-- > 0;) {
    if (digits[i] == '.') continue;
    if (digits[i] != '9') {
      ++digits[i];
      return;
    }
    digits[i] = '0';
  }
  digits.insert(0, "1");
}

bool IsZero(const std::string& digits) {
  return digits.find_first_not_of("0.") == std::string::npos;
}

std::string RoundedTo(double value, size_t decimals) {
  std::string digits = Shortest(value < 0 ? -value : value);
  size_t point = digits.find('.');
  if (point == std::string::npos) {
    point = digits.size();
    digits += '.';
  }
  const size_t wanted = point + 1 + decimals;
  const bool up = digits.size() > wanted && digits[wanted] >= '5';
  digits.resize(wanted, '0');
  if (up) IncrementLastDigit(digits);
  if (decimals == 0) digits.pop_back();
  return value < 0 && !IsZero(digits) ? absl::StrCat("-", digits) : digits;
}

}  // namespace

std::string Shortest(double value) {
  std::array<char, 400> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                 value == 0 ? 0.0 : value, std::chars_format::fixed);
  return std::string(buffer.data(), end.ptr);
}

std::string TwoDecimals(double value) { return RoundedTo(value, 2); }

std::string Percent(double share) {
  // The point moves in the decimal form, so that no binary error comes in.
  std::string digits = Shortest(share);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  size_t point = digits.find('.');
  if (point == std::string::npos) {
    point = digits.size();
    digits += '.';
  }
  digits.erase(point, 1);
  digits.resize(std::max(digits.size(), point + 3), '0');
  const bool up = digits[point + 2] >= '5';
  digits.resize(point + 2);
  if (up) IncrementLastDigit(digits);
  const size_t first = digits.find_first_not_of('0');
  digits = first == std::string::npos ? "0" : digits.substr(first);
  return absl::StrCat(negative && digits != "0" ? "-" : "", digits, " %");
}

}  // namespace okr::cli
