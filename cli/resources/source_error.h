// Gathers what is wrong with a file, so that all of it is told at once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace okr::cli {

struct SourceError {
  int line = 0;  // From 1; 0 if what is wrong does not stand in a file.
  int column = 0;
  std::string text;
  bool operator==(const SourceError&) const = default;
};

class SourceErrors {
 public:
  void Add(int line, int column, absl::string_view text) {
    errors_.push_back({line, column, std::string(text)});
  }
  bool empty() const { return errors_.empty(); }
  const std::vector<SourceError>& all() const { return errors_; }

  // One line each: "plan.yaml:12:3: what is wrong". Without position: only what is wrong.
  std::string ToText(absl::string_view file) const {
    std::string text;
    for (const SourceError& error : errors_) {
      if (!text.empty()) text += '\n';
      if (error.line > 0) absl::StrAppend(&text, file, ":", error.line, ":", error.column, ": ");
      text += error.text;
    }
    return text;
  }

 private:
  std::vector<SourceError> errors_;
};

}  // namespace okr::cli
