// Which of several events is the cause of one that follows from them, for its trace.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace okr::scoring {

class Causes {
 public:
  // In the order of the events.
  void Add(std::string subject, std::string traceparent);

  // The trace of the last cause that speaks of this resource or of one beneath it; else of the last
  // one of all, as what is above by alignment has no name in common with what changed. Empty
  // without causes.
  std::string TraceparentOf(absl::string_view subject) const;

 private:
  std::vector<std::pair<std::string, std::string>> causes_;
};

}  // namespace okr::scoring
