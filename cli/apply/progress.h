// What a long command is doing, for the person who waits.
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace okr::cli {

// On a terminal one line that changes ("objectives 12/30"); elsewhere one line for each thing done.
class Progress {
 public:
  // `out` must outlive it.
  Progress(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}
  ~Progress() { Finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Start(absl::string_view what, size_t total);
  void Advance(size_t steps = 1);
  void Finish();

 private:
  void Draw(absl::string_view end);

  std::ostream& out_;
  const bool terminal_;
  std::string what_;
  size_t total_ = 0;
  size_t done_ = 0;
};

// What was changed, counted.
class Summary {
 public:
  // `verb` is "created", "updated" and so on.
  void Add(absl::string_view verb, absl::string_view singular, absl::string_view plural,
           size_t count = 1);
  bool empty() const { return counts_.empty(); }
  // "created 2 teams, 1 cycle; updated 1 objective", or "nothing to change".
  std::string ToText() const;
  // {"created": {"teams": 2, "cycles": 1}, "updated": {"objectives": 1}}
  std::string ToJson() const;

 private:
  struct Count {
    std::string verb;
    std::string singular;
    std::string plural;
    size_t count;
  };
  std::vector<Count> counts_;
};

}  // namespace okr::cli
