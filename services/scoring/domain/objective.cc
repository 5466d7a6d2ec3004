#include "services/scoring/domain/objective.h"

#include <algorithm>

#include "services/scoring/domain/formulas.h"
#include "services/scoring/domain/mean.h"

namespace okr::scoring {
namespace {

void LeaveOut(LeftOut why, Part& part) {
  part.included = why == LeftOut::kNot;
  part.left_out_because = Name(why);
}

Part ScorePart(const KeyResultPart& key_result) {
  const KeyResultScore& score = key_result.score;
  Part part{.name = key_result.name,
            .weight = key_result.weight.value(),
            .commitment = Name(score.commitment)};
  if (score.score) part.value = score.score->value();
  if (score.grade && score.computed) part.computed = score.computed->value();
  LeaveOut(score.left_out, part);
  return part;
}

Part ProgressPart(const KeyResultPart& key_result) {
  Part part{.name = key_result.name,
            .weight = key_result.weight.value(),
            .value = key_result.progress.value()};
  // An ungraded LEARNING key result has no score yet, but its progress is as good as any.
  const LeftOut why = key_result.score.left_out;
  LeaveOut(why == LeftOut::kUngraded ? LeftOut::kNot : why, part);
  return part;
}

LeftOut LeavesRollUp(const AlignedPart& aligned) {
  const LeftOut by_lifecycle = LeftOutBy(aligned.lifecycle);
  if (by_lifecycle != LeftOut::kNot) return by_lifecycle;
  if (aligned.carried_over) return LeftOut::kCarriedOver;
  return aligned.progress ? LeftOut::kNot : LeftOut::kNoProgress;
}

Part ProgressPart(const AlignedPart& aligned) {
  Part part{.name = aligned.name, .weight = aligned.weight.value()};
  if (aligned.progress) part.value = aligned.progress->value();
  LeaveOut(LeavesRollUp(aligned), part);
  return part;
}

bool IsCommitted(const Part& part) { return part.commitment == Name(Commitment::kCommitted); }

// The mean of a COMMITTED objective: a missed promise cannot hide behind anything else.
std::optional<double> CommittedMean(const std::vector<Part>& parts) {
  std::vector<Part> others;
  bool any = false;
  for (const Part& part : parts) {
    if (!part.included) continue;
    any = true;
    if (!IsCommitted(part)) {
      others.push_back(part);
    } else if (*part.value < 1.0) {
      return 0.0;
    }
  }
  if (!any) return std::nullopt;
  return others.empty() ? 1.0 : WeightedMean(others);
}

}  // namespace

ObjectiveScore ComputeObjectiveScore(const Policy& policy, const std::string& name,
                                     Commitment commitment,
                                     const std::vector<KeyResultPart>& key_results,
                                     ScoreState state) {
  const bool committed = commitment == Commitment::kCommitted;
  ObjectiveScore result{.state = state};
  Explanation& explanation = result.explanation;
  explanation = {
      .formula = committed ? formula::kCommittedObjectiveScore : formula::kObjectiveScore,
      .policy = policy.version,
      .subject = name};
  for (const KeyResultPart& key_result : key_results) {
    explanation.parts.push_back(ScorePart(key_result));
    if (key_result.score.left_out == LeftOut::kUngraded) result.incomplete = true;
  }
  SortByName(explanation.parts);
  explanation.result =
      committed ? CommittedMean(explanation.parts) : WeightedMean(explanation.parts);
  if (explanation.result) {
    result.score = Score::Clamped(*explanation.result);
    result.band = BandOf(policy, *explanation.result);
  } else {
    explanation.absent_because = "NOTHING_TO_AVERAGE";
  }
  return result;
}

ObjectiveProgress ComputeObjectiveProgress(const Policy& policy, const std::string& name,
                                           const std::vector<KeyResultPart>& key_results,
                                           RollUp roll_up,
                                           const std::vector<AlignedPart>& aligned) {
  ObjectiveProgress result{.explanation = {.formula = formula::kObjectiveProgress,
                                           .policy = policy.version,
                                           .subject = name}};
  std::vector<Part>& parts = result.explanation.parts;
  for (const KeyResultPart& key_result : key_results) parts.push_back(ProgressPart(key_result));
  SortByName(parts);
  std::vector<Part> further;
  if (roll_up == RollUp::kIncludeAligned) {
    for (const AlignedPart& objective : aligned) further.push_back(ProgressPart(objective));
  }
  SortByName(further);
  parts.insert(parts.end(), further.begin(), further.end());
  result.explanation.result = WeightedMean(parts);
  if (result.explanation.result) {
    result.progress = Progress::Clamped(*result.explanation.result);
  } else {
    result.explanation.absent_because = "NOTHING_TO_AVERAGE";
  }
  return result;
}

ObjectiveStatus ComputeObjectiveStatus(const std::vector<Status>& key_results) {
  ObjectiveStatus result;
  for (const Status status : key_results) ++result.counts[status];
  if (!result.counts.empty()) result.status = result.counts.begin()->first;
  return result;
}

}  // namespace okr::scoring
