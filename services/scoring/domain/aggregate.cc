#include "services/scoring/domain/aggregate.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/scoring/domain/formulas.h"
#include "services/scoring/domain/mean.h"
#include "services/scoring/domain/rounding.h"

namespace okr::scoring {
namespace {

bool Scored(const ScoredObjective& objective) {
  return objective.lifecycle == Lifecycle::kActive && objective.score;
}

bool Final(const ScoredObjective& objective) { return objective.state == ScoreState::kFinal; }

Part PartOf(const ScoredObjective& objective) {
  Part part{.name = objective.name};
  if (objective.score) part.value = objective.score->value();
  LeftOut why = LeftOutBy(objective.lifecycle);
  if (why == LeftOut::kNot && !objective.score) why = LeftOut::kNoScore;
  part.included = why == LeftOut::kNot;
  part.left_out_because = Name(why);
  return part;
}

Part VerdictPart(const ScoredObjective& objective) {
  Part part = PartOf(objective);
  if (!part.included) return part;
  if (objective.commitment != Commitment::kAspirational)
    part.left_out_because = "NOT_ASPIRATIONAL";
  else if (!Final(objective))
    part.left_out_because = "NOT_FINAL";
  part.included = part.left_out_because.empty();
  return part;
}

void Count(const Policy& policy, const ScoredObjective& objective, Aggregate& aggregate) {
  if (objective.lifecycle == Lifecycle::kRetired) ++aggregate.retired;
  if (objective.lifecycle != Lifecycle::kActive) return;
  if (objective.incomplete) ++aggregate.incomplete;
  if (!objective.score) {
    ++aggregate.unscored;
    return;
  }
  ++aggregate.scored;
  const Band band = BandOf(policy, objective.score->value());
  ++aggregate.bands[band];
  if (Final(objective)) ++aggregate.final_bands[band];
}

bool MissedPromise(const ScoredObjective& objective) {
  return Scored(objective) && Final(objective) && objective.commitment == Commitment::kCommitted &&
         RoundForThreshold(objective.score->value()) < 1.0;
}

void DecideVerdict(const Policy& policy, Aggregate& aggregate) {
  Explanation& explanation = aggregate.verdict_explanation;
  explanation.inputs.push_back(
      {"min_objectives", static_cast<double>(policy.verdict_min_objectives)});
  for (const VerdictRule& rule : policy.verdicts) {
    explanation.inputs.push_back(
        {absl::StrCat(rule.upper_included ? "up_to:" : "below:", Name(rule.verdict)), rule.upper});
  }
  const auto included = std::count_if(explanation.parts.begin(), explanation.parts.end(),
                                      [](const Part& part) { return part.included; });
  if (included < policy.verdict_min_objectives) {
    explanation.absent_because = "TOO_FEW_OBJECTIVES";
    return;
  }
  explanation.result = WeightedMean(explanation.parts);
  aggregate.verdict = VerdictOf(policy, *explanation.result);
  explanation.label = Name(*aggregate.verdict);
}

}  // namespace

Aggregate ComputeAggregate(const Policy& policy, const std::string& subject,
                           std::vector<ScoredObjective> objectives) {
  std::sort(objectives.begin(), objectives.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  Aggregate aggregate{.mean_explanation = {formula::kAggregateScore, policy.version, subject},
                      .verdict_explanation = {formula::kVerdict, policy.version, subject}};
  for (const BandRule& rule : policy.bands) {
    aggregate.bands[rule.band] = aggregate.final_bands[rule.band] = 0;
  }
  for (const ScoredObjective& objective : objectives) {
    Count(policy, objective, aggregate);
    if (MissedPromise(objective)) aggregate.missed_promises.push_back(objective.name);
    aggregate.mean_explanation.parts.push_back(PartOf(objective));
    aggregate.verdict_explanation.parts.push_back(VerdictPart(objective));
  }
  aggregate.mean = WeightedMean(aggregate.mean_explanation.parts);
  aggregate.mean_explanation.result = aggregate.mean;
  if (!aggregate.mean) aggregate.mean_explanation.absent_because = "NOTHING_TO_AVERAGE";
  const bool all_final =
      aggregate.scored > 0 && std::all_of(objectives.begin(), objectives.end(),
                                          [](const auto& o) { return !Scored(o) || Final(o); });
  aggregate.state = all_final ? ScoreState::kFinal : ScoreState::kProvisional;
  DecideVerdict(policy, aggregate);
  return aggregate;
}

}  // namespace okr::scoring
