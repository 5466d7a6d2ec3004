#include "tests/support/seen_tokens.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace okr::testing {

void SeenTokens::Note(absl::string_view tokens) {
  for (const absl::string_view token : absl::StrSplit(tokens, ',', absl::SkipEmpty())) {
    const size_t end = token.rfind(':');
    int64_t position = 0;
    if (end == absl::string_view::npos || !absl::SimpleAtoi(token.substr(end + 1), &position)) {
      continue;
    }
    int64_t& last = positions_[std::string(token.substr(0, end))];
    last = std::max(last, position);
  }
}

std::string SeenTokens::Text() const {
  return absl::StrJoin(positions_, ",", absl::PairFormatter(":"));
}

}  // namespace okr::testing
