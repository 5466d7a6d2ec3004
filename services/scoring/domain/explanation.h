// How a number came about, as data. With `formula` (formulas.h says each in words) and what stands
// here, a program that has none of this code recomputes the same bits: thresholds are inputs,
// clamps keep both sides, parts stand in the order in which they were summed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr::scoring {

// Something that went into the formula.
struct Input {
  std::string name;  // As the formula calls it, e.g. "baseline".
  std::variant<double, std::string> value;
  std::optional<absl::Time> time;  // When it was observed, if it was.
  std::string source;  // Resource name, e.g. of the check-in that said it; may be empty.
  bool operator==(const Input&) const = default;
};

// min(max(before, lower), upper); an end that is absent does not bound.
struct Clamp {
  std::string name;  // Of the number, e.g. "raw_progress".
  double before = 0;
  std::optional<double> lower;
  std::optional<double> upper;
  double after = 0;
  bool operator==(const Clamp&) const = default;
};

// One member of a mean, or why it is none.
struct Part {
  std::string name;  // Resource name or milestone id; empty if the reader may not see it.
  double weight = 1;
  std::optional<double> value;
  bool included = true;
  std::string left_out_because;    // UPPER_SNAKE, only if not included, e.g. "RETIRED".
  std::string commitment;          // Name of the commitment where the formula tells them apart.
  std::optional<double> computed;  // Computed score, if the owner graded otherwise.
  bool operator==(const Part&) const = default;
};

// The owner's grade beside what was computed.
struct GradeNote {
  std::optional<double> value;     // Absent for NOT_APPLICABLE.
  std::optional<double> computed;  // Absent for LEARNING.
  std::string reason;
  std::string lesson;
  std::string grader;
  absl::Time time;
  bool operator==(const GradeNote&) const = default;
};

struct Explanation {
  std::string formula;  // e.g. "metric_progress/1".
  std::string policy;   // Version, e.g. "okr-v1".
  std::string subject;  // Resource name of what the number is of; may be empty.
  std::vector<Input> inputs;
  std::vector<Clamp> clamps;
  std::vector<Part> parts;
  std::optional<GradeNote> grade;
  std::optional<double> result;
  std::string label;           // The result of a formula that yields a name, e.g. "ON_TRACK".
  std::string absent_because;  // UPPER_SNAKE, only if there is neither result nor label.
  bool operator==(const Explanation&) const = default;
};

// Keeps of each part for which `visible` is false only what it contributes: weight, value and
// whether it counts. The number can still be recomputed.
Explanation HideParts(Explanation explanation,
                      const std::function<bool(absl::string_view name)>& visible);

}  // namespace okr::scoring
