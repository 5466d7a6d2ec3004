#include "services/scoring/transport/aggregates.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/scoring/domain/aggregate.h"
#include "services/scoring/domain/formulas.h"
#include "services/scoring/domain/mean.h"
#include "services/scoring/store/facts.h"
#include "services/scoring/store/render.h"
#include "services/scoring/transport/hiding.h"

namespace okr::scoring {
namespace {

using Chosen = std::vector<const CycleObjective*>;

ScoredObjective DomainObjective(const CycleObjective& from) {
  ScoredObjective objective{.name = from.objective.name.ToString(),
                            .commitment = CommitmentOf(from.objective),
                            .lifecycle = LifecycleOf(from.objective),
                            .incomplete = from.score.incomplete()};
  if (from.score.has_score()) objective.score = Score::Clamped(from.score.score());
  if (from.score.state() == v1::SCORE_STATE_FINAL) objective.state = ScoreState::kFinal;
  return objective;
}

Explanation ExplainProgress(const Policy& policy, const std::string& subject,
                            const Chosen& chosen) {
  Explanation explanation{
      .formula = formula::kAggregateProgress, .policy = policy.version, .subject = subject};
  for (const CycleObjective* objective : chosen) {
    Part part{.name = objective->objective.name.ToString()};
    if (objective->score.has_progress()) part.value = objective->score.progress();
    LeftOut why = LeftOutBy(LifecycleOf(objective->objective));
    if (why == LeftOut::kNot && !part.value) why = LeftOut::kNoProgress;
    part.included = why == LeftOut::kNot;
    part.left_out_because = Name(why);
    explanation.parts.push_back(std::move(part));
  }
  explanation.result = WeightedMean(explanation.parts);
  return explanation;
}

// The parts whose scores are not for this reader, as one: their order would tell them apart.
v1::Explanation MergeHidden(Explanation explanation,
                            const std::function<bool(const std::string&)>& visible) {
  Part hidden{.weight = 0};
  double sum = 0;
  int count = 0;
  std::vector<Part> parts;
  for (Part& part : explanation.parts) {
    if (visible(part.name)) {
      parts.push_back(std::move(part));
    } else if (part.included) {
      ++count;
      sum += part.weight * *part.value;
      hidden.weight += part.weight;
    }
  }
  if (count > 0) {
    hidden.name = absl::StrCat(count, " parts");
    hidden.value = sum / hidden.weight;
    parts.push_back(std::move(hidden));
  }
  explanation.parts = std::move(parts);
  return Render(explanation);
}

// Who may see what of the chosen objectives.
class Eyes {
 public:
  Eyes(const Viewer& viewer, const Chosen& chosen) {
    for (const CycleObjective* one : chosen) {
      const bool exists = MaySee(viewer, one->objective);
      seen_[one->objective.name.ToString()] = {exists,
                                               exists && MaySeeScore(viewer, one->objective)};
    }
  }
  bool MaySeeName(absl::string_view name) const { return seen_.find(name)->second.name; }
  bool MaySeeItsScore(absl::string_view name) const { return seen_.find(name)->second.score; }

 private:
  struct Seen {
    bool name = false;
    bool score = false;
  };
  std::map<std::string, Seen, std::less<>> seen_;
};

void CountObjectives(const Aggregate& aggregate, v1::Aggregate& out) {
  out.set_objective_count(aggregate.scored + aggregate.unscored);
  out.set_scored_count(aggregate.scored);
  out.set_retired_count(aggregate.retired);
  out.set_incomplete_count(aggregate.incomplete);
}

void CountStatuses(const Chosen& chosen, v1::Aggregate& out) {
  std::map<Status, int> counts;
  for (const CycleObjective* objective : chosen) {
    if (LifecycleOf(objective->objective) != Lifecycle::kActive) continue;
    if (objective->score.status() == v1::STATUS_UNSPECIFIED) continue;
    ++counts[DomainStatus(objective->score.status())];
  }
  RenderCounts(counts, *out.mutable_status_counts());
}

void RenderScores(const Aggregate& aggregate, const Eyes& eyes, v1::Aggregate& out) {
  if (aggregate.mean) out.set_mean_score(*aggregate.mean);
  out.set_state(Render(aggregate.state));
  for (const auto& [band, count] : aggregate.bands) {
    v1::BandCount& added = *out.add_bands();
    added.set_band(Render(band));
    added.set_count(count);
  }
  if (aggregate.verdict) out.set_verdict(Render(*aggregate.verdict));
  for (const std::string& name : aggregate.missed_promises) {
    if (eyes.MaySeeItsScore(name)) out.add_missed_promises(name);
  }
}

}  // namespace

v1::Aggregate MakeAggregate(const Policy& policy, const CycleScores& scores,
                            const AggregateRequest& request) {
  Chosen chosen;
  std::vector<ScoredObjective> objectives;
  for (const CycleObjective& objective : scores.objectives) {
    if (!request.includes(objective.objective)) continue;
    chosen.push_back(&objective);
    objectives.push_back(DomainObjective(objective));
  }
  const Aggregate aggregate = ComputeAggregate(policy, request.subject, std::move(objectives));
  v1::Aggregate out;
  CountObjectives(aggregate, out);
  if (!request.withheld_reason.empty()) {
    out.set_withheld(true);
    out.set_withheld_reason(request.withheld_reason);
    return out;
  }
  const Eyes eyes(scores.viewer, chosen);
  RenderScores(aggregate, eyes, out);
  CountStatuses(chosen, out);
  const Explanation progress = ExplainProgress(policy, request.subject, chosen);
  if (progress.result) out.set_mean_progress(*progress.result);
  if (!request.explained) return out;
  *out.mutable_score_explanation() =
      MergeHidden(aggregate.mean_explanation,
                  [&](const std::string& name) { return eyes.MaySeeItsScore(name); });
  *out.mutable_progress_explanation() = Render(progress);
  HideParts([&](absl::string_view name) { return eyes.MaySeeName(name); },
            *out.mutable_progress_explanation());
  return out;
}

}  // namespace okr::scoring
