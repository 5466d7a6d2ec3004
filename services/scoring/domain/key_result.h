// What a key result measures and promises.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/scoring/domain/numbers.h"

namespace okr::scoring {

enum class Commitment { kAspirational, kCommitted, kLearning };

// METRIC. The direction is the sign of target - baseline. At most one of `target` and
// `target_change_percent` is given; neither only while the baseline is to be measured.
struct Metric {
  std::optional<double> baseline;  // Absent: TO_BE_MEASURED, the first check-in sets it.
  std::optional<double> target;
  std::optional<double> target_change_percent;  // target = baseline + baseline * percent / 100.
  bool operator==(const Metric&) const = default;
};

// MAINTAIN: a range with both ends included; one of them may be open.
struct Maintain {
  std::optional<double> lower;
  std::optional<double> upper;
  bool operator==(const Maintain&) const = default;
};

struct Milestone {
  std::string id;
  double weight = 1.0;
  bool operator==(const Milestone&) const = default;
};

// MILESTONES: at least one; a yes/no key result is one milestone.
struct Milestones {
  std::vector<Milestone> milestones;
  bool operator==(const Milestones&) const = default;
};

using Measure = std::variant<Metric, Maintain, Milestones>;

// INVALID_FIELDS naming every wrong field, e.g. "metric.target" or "milestones[1].weight".
absl::Status ValidateMeasure(const Measure& measure);

enum class Lifecycle { kDraft, kActive, kRetired, kDeleted };

struct KeyResult {
  std::string name;  // Resource name.
  Measure measure;   // Valid.
  Weight weight;
  std::optional<Commitment> commitment;  // Absent: that of its objective.
  Lifecycle lifecycle = Lifecycle::kActive;
};

// A key result takes its objective's commitment unless it sets its own.
Commitment EffectiveCommitment(const KeyResult& key_result, Commitment objective);

// "METRIC", "MAINTAIN", "MILESTONES"; "ASPIRATIONAL", ...; "DRAFT", ...
std::string KindName(const Measure& measure);
std::string Name(Commitment commitment);
std::string Name(Lifecycle lifecycle);

}  // namespace okr::scoring
