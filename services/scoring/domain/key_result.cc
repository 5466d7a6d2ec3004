#include "services/scoring/domain/key_result.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace okr::scoring {
namespace {

void CheckOptional(absl::string_view field, std::optional<double> value, Violations& violations) {
  if (value) violations.AddFrom("", CheckNumber(field, *value).status());
}

void CheckTargetChange(const Metric& metric, Violations& violations) {
  if (!metric.target_change_percent) return;
  if (metric.target) {
    violations.Add("metric.target_change_percent",
                   "is given beside metric.target; give only one of them");
  }
  if (*metric.target_change_percent == 0.0) {
    violations.Add("metric.target_change_percent", "is 0; to keep a value use MAINTAIN");
  }
  if (metric.baseline && *metric.baseline == 0.0) {
    violations.Add("metric.target_change_percent",
                   "is relative to a baseline of 0; give metric.target instead");
  }
}

void Check(const Metric& metric, Violations& violations) {
  CheckOptional("metric.baseline", metric.baseline, violations);
  CheckOptional("metric.target", metric.target, violations);
  CheckOptional("metric.target_change_percent", metric.target_change_percent, violations);
  CheckTargetChange(metric, violations);
  if (!metric.baseline) return;
  if (!metric.target && !metric.target_change_percent) {
    violations.Add("metric.target", "is missing; only a baseline to be measured may come first");
  }
  if (metric.target && *metric.target == *metric.baseline) {
    violations.Add("metric.target", absl::StrCat("equals the baseline ", *metric.baseline,
                                                 "; to keep a value use MAINTAIN"));
  }
}

void Check(const Maintain& maintain, Violations& violations) {
  CheckOptional("maintain.lower", maintain.lower, violations);
  CheckOptional("maintain.upper", maintain.upper, violations);
  if (!maintain.lower && !maintain.upper) {
    violations.Add("maintain.lower", "and maintain.upper are both open; give at least one end");
  }
  if (maintain.lower && maintain.upper && *maintain.lower > *maintain.upper) {
    violations.Add("maintain.upper",
                   absl::StrCat("is ", *maintain.upper, ", below the lower end ", *maintain.lower));
  }
}

void Check(const Milestones& measure, Violations& violations) {
  if (measure.milestones.empty()) violations.Add("milestones", "is empty; give at least one");
  std::set<std::string> ids;
  for (size_t i = 0; i < measure.milestones.size(); ++i) {
    const Milestone& milestone = measure.milestones[i];
    const std::string field = absl::StrCat("milestones[", i, "]");
    violations.AddFrom("", CheckPositive(field + ".weight", milestone.weight).status());
    if (milestone.id.empty()) violations.Add(field + ".id", "is empty");
    if (!ids.insert(milestone.id).second) {
      violations.Add(field + ".id", absl::StrCat("\"", milestone.id, "\" is given twice"));
    }
  }
}

}  // namespace

absl::Status ValidateMeasure(const Measure& measure) {
  Violations violations;
  std::visit([&](const auto& kind) { Check(kind, violations); }, measure);
  return violations.ToStatus();
}

Commitment EffectiveCommitment(const KeyResult& key_result, Commitment objective) {
  return key_result.commitment.value_or(objective);
}

std::string KindName(const Measure& measure) {
  if (std::holds_alternative<Metric>(measure)) return "METRIC";
  return std::holds_alternative<Maintain>(measure) ? "MAINTAIN" : "MILESTONES";
}

std::string Name(Commitment commitment) {
  switch (commitment) {
    case Commitment::kAspirational:
      return "ASPIRATIONAL";
    case Commitment::kCommitted:
      return "COMMITTED";
    case Commitment::kLearning:
      return "LEARNING";
  }
  return "";
}

std::string Name(Lifecycle lifecycle) {
  switch (lifecycle) {
    case Lifecycle::kDraft:
      return "DRAFT";
    case Lifecycle::kActive:
      return "ACTIVE";
    case Lifecycle::kRetired:
      return "RETIRED";
    case Lifecycle::kDeleted:
      return "DELETED";
  }
  return "";
}

}  // namespace okr::scoring
