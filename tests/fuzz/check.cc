#include "tests/fuzz/check.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"

namespace okr::fuzz {

void Fail(const char* file, int line, absl::string_view what, absl::string_view detail) {
  std::fputs(absl::StrCat(file, ":", line, ": does not hold: ", what, "\n  ",
                          absl::CHexEscape(detail), "\n")
                 .c_str(),
             stderr);
  std::abort();
}

absl::string_view Input::Line() { return Until("\n"); }

absl::string_view Input::Until(absl::string_view separator) {
  const size_t end = rest_.find(separator);
  const absl::string_view value = rest_.substr(0, end);
  rest_.remove_prefix(end == absl::string_view::npos ? rest_.size() : end + separator.size());
  return value;
}

size_t Input::Number(size_t limit) {
  size_t number = 0;
  for (const char c : Line()) number = number * 31 + static_cast<uint8_t>(c);
  return number % limit;
}

std::vector<std::string> Lines(absl::string_view text) { return absl::StrSplit(text, '\n'); }

void CheckNamesFields(const absl::Status& status, absl::string_view field) {
  OKR_FUZZ_CHECK(absl::IsInvalidArgument(status), status.ToString());
  const ErrorDetails details = DetailsOf(status);
  OKR_FUZZ_CHECK(details.reason == "INVALID_FIELDS", details.reason);
  OKR_FUZZ_CHECK(!details.violations.empty(), status.ToString());
  for (const FieldViolation& violation : details.violations) {
    OKR_FUZZ_CHECK(!violation.field.empty(), status.ToString());
    OKR_FUZZ_CHECK(!violation.description.empty(), status.ToString());
    OKR_FUZZ_CHECK(field.empty() || violation.field == field, violation.field);
  }
}

}  // namespace okr::fuzz
