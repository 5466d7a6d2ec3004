#include "services/goals/domain/key_result.h"

#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/number.h"
#include "services/goals/domain/objective.h"
#include "services/goals/domain/text.h"

namespace okr::goals {
namespace {

// The target given as a change in percent, where the baseline is known.
void CheckChange(const Metric& metric, const std::string& field, Violations& violations) {
  const double change = *metric.target_change_percent;
  if (change == 0) {
    violations.Add(field, "is 0; expected a change, e.g. 40 or -25");
  } else if (metric.baseline) {
    const double target = *metric.baseline * (1 + change / 100);
    if (target == *metric.baseline) {
      violations.Add(field,
                     absl::StrCat("is ", change, " percent of the baseline ", *metric.baseline,
                                  ", which changes nothing; set a target instead"));
    } else {
      CheckNumber(field + " (the target that it makes)", target, violations);
    }
  }
}

void CheckKind(const Metric& metric, const std::string& prefix, Violations& violations) {
  const std::string target = prefix + "metric.target";
  const std::string change = prefix + "metric.target_change_percent";
  bool numbers = CheckNumber(prefix + "metric.baseline", metric.baseline, violations);
  numbers = CheckNumber(target, metric.target, violations) && numbers;
  numbers = CheckNumber(change, metric.target_change_percent, violations) && numbers;
  CheckText(prefix + "metric.unit", metric.unit, kUnit, violations);
  if (metric.target && metric.target_change_percent) {
    violations.Add(change, "is set beside target; set one of them");
  } else if (!metric.target && !metric.target_change_percent) {
    violations.Add(target, "is not set; set it or target_change_percent");
  } else if (metric.target && metric.target == metric.baseline) {
    violations.Add(target, absl::StrCat("is ", *metric.target,
                                        " as the baseline; use maintain for a number to be kept"));
  } else if (numbers && metric.target_change_percent) {
    CheckChange(metric, change, violations);
  }
}

void CheckKind(const Maintain& maintain, const std::string& prefix, Violations& violations) {
  bool numbers = CheckNumber(prefix + "maintain.lower", maintain.lower, violations);
  numbers = CheckNumber(prefix + "maintain.upper", maintain.upper, violations) && numbers;
  CheckText(prefix + "maintain.unit", maintain.unit, kUnit, violations);
  if (!maintain.lower && !maintain.upper) {
    violations.Add(prefix + "maintain", "has no end; set lower, upper or both");
  } else if (numbers && maintain.lower && maintain.upper && *maintain.lower > *maintain.upper) {
    violations.Add(
        prefix + "maintain.lower",
        absl::StrCat("is ", *maintain.lower, ", above upper, which is ", *maintain.upper));
  }
}

void CheckKind(const Milestones& kind, const std::string& prefix, Violations& violations) {
  const std::string field = prefix + "milestones.milestones";
  if (kind.milestones.empty() || kind.milestones.size() > kMaxMilestones) {
    violations.Add(field, absl::StrCat("has ", kind.milestones.size(),
                                       " milestones; expected 1 to ", kMaxMilestones));
  }
  std::set<std::string> seen;
  for (size_t i = 0; i < kind.milestones.size(); ++i) {
    const Milestone& milestone = kind.milestones[i];
    const std::string item = absl::StrCat(field, "[", i, "].");
    violations.AddFrom("", CheckResourceId(item + "id", milestone.id));
    if (!seen.insert(milestone.id).second) {
      violations.Add(item + "id", absl::StrCat("is \"", milestone.id, "\" again"));
    }
    CheckText(item + "title", milestone.title, kTitle, violations);
    CheckWeight(item + "weight", milestone.weight, violations);
  }
}

absl::Status EnsureActive(const KeyResult& key_result) {
  if (key_result.state == KeyResultState::kActive) return absl::OkStatus();
  return error::WrongKeyResultState(key_result, "it does not change any more");
}

std::string Text(absl::CivilDay day) { return absl::FormatCivilTime(day); }

}  // namespace

Window WindowOf(const KeyResult& key_result, const Cycle& cycle) {
  return {.start = key_result.start_date.value_or(cycle.start_date),
          .due = key_result.due_date.value_or(cycle.end_date)};
}

void CheckKeyResult(const KeyResult& key_result, absl::string_view prefix, Violations& violations) {
  CheckText(absl::StrCat(prefix, "title"), key_result.title, kTitle, violations);
  CheckText(absl::StrCat(prefix, "description"), key_result.description, kDescription, violations);
  CheckWeight(absl::StrCat(prefix, "weight"), key_result.weight, violations);
  std::visit([&](const auto& kind) { CheckKind(kind, std::string(prefix), violations); },
             key_result.kind);
}

void CheckWindow(const KeyResult& key_result, const Cycle& cycle, absl::string_view prefix,
                 Violations& violations) {
  const auto [start, due] = WindowOf(key_result, cycle);
  const std::string start_field = absl::StrCat(prefix, "start_date");
  const std::string due_field = absl::StrCat(prefix, "due_date");
  const std::string inside = absl::StrCat(", outside the cycle, which lasts from ",
                                          Text(cycle.start_date), " to ", Text(cycle.end_date));
  if (start < cycle.start_date || start > cycle.end_date) {
    violations.Add(start_field, absl::StrCat("is ", Text(start), inside));
  }
  if (due < cycle.start_date || due > cycle.end_date) {
    violations.Add(due_field, absl::StrCat("is ", Text(due), inside));
  }
  if (start >= due) {
    violations.Add(key_result.due_date ? due_field : start_field,
                   absl::StrCat("makes the key result last from ", Text(start), " to ", Text(due),
                                "; it must end after its first day"));
  }
}

bool FitsInto(const KeyResult& key_result, const Cycle& cycle) {
  Violations violations;
  CheckWindow(key_result, cycle, "", violations);
  return violations.empty();
}

KeyResult Normalized(KeyResult key_result) {
  if (auto* metric = std::get_if<Metric>(&key_result.kind)) {
    metric->baseline = Normalized(metric->baseline);
    metric->target = Normalized(metric->target);
  } else if (auto* maintain = std::get_if<Maintain>(&key_result.kind)) {
    maintain->lower = Normalized(maintain->lower);
    maintain->upper = Normalized(maintain->upper);
  }
  return key_result;
}

bool IsLive(const KeyResult& key_result) {
  return !key_result.deleted() && key_result.state == KeyResultState::kActive;
}

absl::StatusOr<KeyResult> CreateKeyResult(KeyResult draft, const Objective& objective,
                                          const Cycle& cycle, absl::string_view creator,
                                          absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureOpen(objective, cycle));
  draft.state = KeyResultState::kActive;
  draft.cycle = objective.cycle;
  draft.creator = std::string(creator);
  draft.times = {.create_time = now, .update_time = now};
  return draft;
}

absl::StatusOr<KeyResult> ChangeKeyResult(const KeyResult& present, KeyResult next,
                                          const Objective& objective, const Cycle& cycle,
                                          absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureActive(present));
  OKR_RETURN_IF_ERROR(EnsureOpen(objective, cycle));
  if (next == present) return next;
  next.times.update_time = now;
  return next;
}

absl::StatusOr<KeyResult> RetireKeyResult(KeyResult key_result, const Objective& objective,
                                          const Cycle& cycle, absl::string_view reason,
                                          absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureActive(key_result));
  OKR_RETURN_IF_ERROR(EnsureOpen(objective, cycle));
  key_result.state = KeyResultState::kRetired;
  key_result.retire_reason = std::string(reason);
  key_result.times.update_time = now;
  return key_result;
}

absl::StatusOr<KeyResult> DeleteKeyResult(KeyResult key_result, const Objective& objective,
                                          const Cycle& cycle, absl::Time now) {
  OKR_RETURN_IF_ERROR(EnsureActive(key_result));
  OKR_RETURN_IF_ERROR(EnsureOpen(objective, cycle));
  return DeletedWithObjective(std::move(key_result), now);
}

KeyResult DeletedWithObjective(KeyResult key_result, absl::Time now) {
  key_result.times.update_time = now;
  key_result.times.delete_time = now;
  return key_result;
}

}  // namespace okr::goals
