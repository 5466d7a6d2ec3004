// All numbers of a key result, and of an objective, at one moment: what the service stores.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/scoring/domain/key_result.h"
#include "services/scoring/domain/measurement.h"
#include "services/scoring/domain/objective.h"
#include "services/scoring/domain/pace.h"
#include "services/scoring/domain/policy.h"
#include "services/scoring/domain/progress.h"
#include "services/scoring/domain/score.h"
#include "services/scoring/domain/window.h"

namespace okr::scoring {

// What is known of a key result.
struct KeyResultFacts {
  KeyResult key_result;
  Window window;
  std::vector<Measurement> measurements;  // All of it, in any order.
  std::optional<Grade> grade;
  std::optional<StatedStatus> stated_status;
  std::optional<CheckInDue> next_check_in;  // Only while check-ins are expected.
};

struct EvaluatedKeyResult {
  std::string name;
  Weight weight;
  KeyResultProgress progress;
  std::optional<ShareInside> share_inside;  // MAINTAIN only.
  KeyResultScore score;
  Pace pace;
};

// The numbers at `now`. `objective` is the commitment of its objective.
EvaluatedKeyResult EvaluateKeyResult(const Policy& policy, const KeyResultFacts& facts,
                                     Commitment objective, ScoreState state, absl::Time now);

struct EvaluatedObjective {
  ObjectiveScore score;
  ObjectiveProgress progress;
  ObjectiveStatus status;  // Of the key results that are not left out.
};

// The numbers of the objective `name` from those of its key results and of what is aligned to it.
EvaluatedObjective EvaluateObjective(const Policy& policy, const std::string& name,
                                     Commitment commitment,
                                     const std::vector<EvaluatedKeyResult>& key_results,
                                     RollUp roll_up, const std::vector<AlignedPart>& aligned,
                                     ScoreState state);

// A key result as its objective sees it, e.g. for RollUpNode.
KeyResultPart PartOf(const EvaluatedKeyResult& key_result);

}  // namespace okr::scoring
