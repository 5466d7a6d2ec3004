// The numbers of a team or an organization in a cycle: over objectives, never over persons.
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

// One objective as an aggregate sees it.
struct ScoredObjective {
  std::string name;
  Commitment commitment = Commitment::kAspirational;
  Lifecycle lifecycle = Lifecycle::kActive;
  std::optional<Score> score;
  bool incomplete = false;
  ScoreState state = ScoreState::kProvisional;
};

struct Aggregate {
  std::optional<double> mean;  // Plain mean of the scored objectives, final or not.
  ScoreState state = ScoreState::kProvisional;  // kFinal if every score in the mean is.
  int scored = 0;
  int unscored = 0;    // Active, without a score.
  int incomplete = 0;  // Active, waiting for a LEARNING grade.
  int retired = 0;
  std::map<Band, int> bands;        // Of all scored objectives; each band of the policy is there.
  std::map<Band, int> final_bands;  // Of those with final scores.
  // Over the aspirational objectives with final scores; absent if there are too few.
  std::optional<Verdict> verdict;
  std::vector<std::string> missed_promises;  // Committed, final, below 1; in the order of names.
  Explanation mean_explanation;
  Explanation verdict_explanation;
};

// The aggregate called `subject` (resource name of the team or cycle) over `objectives`, given in
// any order. Whether it may be shown at all is for WithheldGroups (withholding.h) to say.
Aggregate ComputeAggregate(const Policy& policy, const std::string& subject,
                           std::vector<ScoredObjective> objectives);

}  // namespace okr::scoring
