// The numbers of an objective, always computed from its parts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/scoring/domain/explanation.h"
#include "services/scoring/domain/numbers.h"
#include "services/scoring/domain/policy.h"
#include "services/scoring/domain/score.h"

namespace okr::scoring {

// One key result as its objective sees it.
struct KeyResultPart {
  std::string name;
  Weight weight;
  Progress progress;
  KeyResultScore score;
};

struct ObjectiveScore {
  std::optional<Score> score;  // Absent if nothing is left to average.
  bool incomplete = false;     // A LEARNING key result is not graded yet.
  ScoreState state = ScoreState::kProvisional;
  std::optional<Band> band;
  Explanation explanation;
};

// The score of the objective `name`; key results in any order.
ObjectiveScore ComputeObjectiveScore(const Policy& policy, const std::string& name,
                                     Commitment commitment,
                                     const std::vector<KeyResultPart>& key_results,
                                     ScoreState state);

enum class RollUp { kOwnKeyResults, kIncludeAligned };

// An objective that is aligned to the one computed. Alignment to a key result is not passed in: it
// moves no number.
struct AlignedPart {
  std::string name;
  Weight weight;                     // Of the alignment.
  std::optional<Progress> progress;  // As it is displayed.
  Lifecycle lifecycle = Lifecycle::kActive;
  bool carried_over = false;  // A later one of its chain of carried-over objectives stands.
};

struct ObjectiveProgress {
  std::optional<Progress> progress;  // Absent without parts.
  Explanation explanation;
};

// The progress of the objective `name`: its key results in the order of their names, then, with
// kIncludeAligned, the aligned objectives in the order of theirs. Both lists in any order.
ObjectiveProgress ComputeObjectiveProgress(const Policy& policy, const std::string& name,
                                           const std::vector<KeyResultPart>& key_results,
                                           RollUp roll_up, const std::vector<AlignedPart>& aligned);

struct ObjectiveStatus {
  std::optional<Status> status;  // The worst; absent without key results.
  std::map<Status, int> counts;  // By status, of the key results that count.
};

// From the computed statuses of the key results that are not left out.
ObjectiveStatus ComputeObjectiveStatus(const std::vector<Status>& key_results);

}  // namespace okr::scoring
