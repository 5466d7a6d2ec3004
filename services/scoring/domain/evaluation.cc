#include "services/scoring/domain/evaluation.h"

namespace okr::scoring {
namespace {

// An ungraded LEARNING key result leaves the scores; its status still says how it goes.
bool ShowsStatus(const EvaluatedKeyResult& key_result) {
  return key_result.score.left_out == LeftOut::kNot ||
         key_result.score.left_out == LeftOut::kUngraded;
}

}  // namespace

EvaluatedKeyResult EvaluateKeyResult(const Policy& policy, const KeyResultFacts& facts,
                                     Commitment objective, ScoreState state, absl::Time now) {
  const KeyResult& key_result = facts.key_result;
  const Commitment commitment = EffectiveCommitment(key_result, objective);
  EvaluatedKeyResult evaluated{.name = key_result.name, .weight = key_result.weight};
  evaluated.progress = ComputeProgress(policy, key_result, facts.measurements, facts.window);
  if (std::holds_alternative<Maintain>(key_result.measure)) {
    evaluated.share_inside =
        ComputeShareInside(policy, key_result, facts.measurements, facts.window, now);
  }
  evaluated.score =
      ComputeScore(policy, key_result, commitment, evaluated.progress, facts.grade, state);
  evaluated.pace = ComputePace(policy, key_result, commitment, evaluated.progress, facts.window,
                               now, facts.next_check_in, facts.stated_status);
  return evaluated;
}

EvaluatedObjective EvaluateObjective(const Policy& policy, const std::string& name,
                                     Commitment commitment,
                                     const std::vector<EvaluatedKeyResult>& key_results,
                                     RollUp roll_up, const std::vector<AlignedPart>& aligned,
                                     ScoreState state) {
  std::vector<KeyResultPart> parts;
  std::vector<Status> statuses;
  for (const EvaluatedKeyResult& key_result : key_results) {
    parts.push_back(PartOf(key_result));
    if (ShowsStatus(key_result)) statuses.push_back(key_result.pace.status);
  }
  return {.score = ComputeObjectiveScore(policy, name, commitment, parts, state),
          .progress = ComputeObjectiveProgress(policy, name, parts, roll_up, aligned),
          .status = ComputeObjectiveStatus(statuses)};
}

KeyResultPart PartOf(const EvaluatedKeyResult& key_result) {
  return {key_result.name, key_result.weight, key_result.progress.progress, key_result.score};
}

}  // namespace okr::scoring
