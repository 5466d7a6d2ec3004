#include "services/goals/domain/alignment.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/number.h"
#include "services/goals/domain/objective.h"

namespace okr::goals {
namespace {

using Origins = std::map<std::string, std::string>;  // Node to the one it was reached from.

std::vector<std::string> Path(const Origins& origins, const std::string& from, std::string node) {
  std::vector<std::string> path = {node};
  while (node != from) {
    node = origins.at(node);
    path.push_back(node);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

// The nodes one step further that were not reached before.
absl::StatusOr<std::vector<std::string>> NextLevel(const std::vector<std::string>& level,
                                                   const Edges& edges, Origins& origins) {
  absl::Status failed;
  std::vector<std::string> next;
  for (const std::string& node : level) {
    absl::StatusOr<std::vector<std::string>> targets = edges(node);
    if (!targets.ok()) {
      failed = targets.status();
      continue;
    }
    for (std::string& target : *targets) {
      if (origins.try_emplace(target, node).second) next.push_back(std::move(target));
    }
  }
  if (!failed.ok()) return failed;
  return next;
}

}  // namespace

std::string TooManyAlignments(size_t count) {
  return absl::StrCat("makes ", count, " alignments; at most ", kMaxAlignments, " are allowed");
}

void CheckAlignment(const ObjectiveName& child, const Alignment& alignment,
                    absl::string_view prefix, Violations& violations) {
  CheckWeight(absl::StrCat(prefix, "weight"), alignment.weight, violations);
  if (alignment.parent_objective() == child) {
    violations.Add(absl::StrCat(prefix, "parent"),
                   "is the objective itself, which cannot serve itself");
  }
}

void CheckAlignmentParentExists(const Alignment& alignment, const Objective* objective,
                                const KeyResult* key_result, absl::string_view prefix,
                                Violations& violations) {
  const bool has_objective = objective != nullptr && !objective->deleted();
  const bool has_key_result =
      alignment.to_objective() || (key_result != nullptr && !key_result->deleted());
  if (has_objective && has_key_result) return;
  violations.Add(absl::StrCat(prefix, "parent"),
                 absl::StrCat("is \"", alignment.parent_name(), "\", which does not exist"));
}

absl::Status EnsureMayBeServed(const Alignment& alignment, const Objective& objective,
                               const KeyResult* key_result) {
  if (!IsOpen(objective)) {
    return error::WrongObjectiveState(objective, "nothing can be aligned to it any more");
  }
  if (!alignment.to_objective() && key_result != nullptr &&
      key_result->state == KeyResultState::kRetired) {
    return error::WrongKeyResultState(*key_result, "nothing can be aligned to it any more");
  }
  return absl::OkStatus();
}

void CheckParentCycle(const CycleName& parent_cycle, const std::vector<CycleName>& chain,
                      absl::string_view prefix, Violations& violations) {
  if (std::find(chain.begin(), chain.end(), parent_cycle) != chain.end()) return;
  violations.Add(absl::StrCat(prefix, "parent"),
                 absl::StrCat("lies in ", parent_cycle.ToString(), "; expected an objective of ",
                              chain.front().ToString(), " or of a cycle that contains it"));
}

absl::StatusOr<std::vector<std::string>> FindPath(const std::string& from, const std::string& to,
                                                  const Edges& edges) {
  Origins origins = {{from, from}};
  std::vector<std::string> level = {from};
  while (!level.empty()) {
    if (origins.contains(to)) return Path(origins, from, to);
    absl::StatusOr<std::vector<std::string>> next = NextLevel(level, edges, origins);
    if (!next.ok()) return next.status();
    level = *std::move(next);
  }
  return std::vector<std::string>();
}

absl::StatusOr<Objective> Align(Objective objective, const Alignment& alignment, absl::Time now) {
  const auto same = [&](const Alignment& other) { return other.parent == alignment.parent; };
  const auto found = std::find_if(objective.alignments.begin(), objective.alignments.end(), same);
  if (found != objective.alignments.end()) {
    if (*found == alignment) return objective;
    *found = alignment;
  } else if (objective.alignments.size() == kMaxAlignments) {
    return InvalidFields({{"alignment", TooManyAlignments(kMaxAlignments + 1)}});
  } else {
    objective.alignments.push_back(alignment);
  }
  objective.times.update_time = now;
  return objective;
}

absl::StatusOr<Objective> Unalign(Objective objective, absl::string_view parent, absl::Time now) {
  const size_t removed = std::erase_if(objective.alignments, [&](const Alignment& alignment) {
    return alignment.parent_name() == parent;
  });
  if (removed == 0) {
    return error::NotFound(absl::StrCat(objective.name.ToString(), "'s alignment to ", parent));
  }
  objective.times.update_time = now;
  return objective;
}

}  // namespace okr::goals
