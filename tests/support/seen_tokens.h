// The consistency tokens of answers, to be shown with later requests.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace okr::testing {

// Remembers the last position of each log. Not thread-safe.
class SeenTokens {
 public:
  // Of trailing metadata; ignores what is no token.
  void Note(absl::string_view tokens);
  // As request metadata; empty if nothing was seen.
  std::string Text() const;

 private:
  std::map<std::string, int64_t> positions_;  // By "source:epoch:shard".
};

}  // namespace okr::testing
