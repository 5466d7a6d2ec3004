#include <algorithm>
#include <set>
#include <string>

#include "common/resources/messages.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/facts.h"
#include "services/scoring/store/score_events.h"
#include "services/scoring/transport/aggregates.h"
#include "services/scoring/transport/groups.h"
#include "services/scoring/transport/hiding.h"
#include "services/scoring/transport/reports.h"

namespace okr::scoring {
namespace {

struct Names {
  TeamName team;
  CycleName cycle;
};

absl::StatusOr<Names> Parse(const v1::GetTeamScorecardRequest& request) {
  Violations violations;
  auto team = TeamName::Parse(request.team(), "team");
  auto cycle = CycleName::Parse(request.cycle(), "cycle");
  violations.AddFrom("", team.status());
  violations.AddFrom("", cycle.status());
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  return Names{*std::move(team), *std::move(cycle)};
}

bool Exists(const CycleScores& scores, const TeamName& name) {
  return std::any_of(scores.teams.begin(), scores.teams.end(), [&](const ::okr::Team& team) {
    return team.name == name && !team.times.delete_time;
  });
}

// A withheld mean is not to be put together again from the list beside it.
void AddObjectives(const CycleScores& scores, const std::string& team, bool withheld,
                   v1::TeamScorecard& card) {
  for (const CycleObjective& one : scores.objectives) {
    const bool counts =
        one.objective.owner.ToString() == team && LifecycleOf(one.objective) == Lifecycle::kActive;
    if (!counts || !MaySee(scores.viewer, one.objective)) continue;
    v1::ObjectiveScore& added = *card.add_objectives();
    added = WithoutExplanations(one.score);
    if (withheld || !MaySeeScore(scores.viewer, one.objective)) HideScore(added);
  }
}

}  // namespace

absl::StatusOr<v1::TeamScorecard> GetTeamScorecard(store::Reads& reads, const rpc::Call& call,
                                                   const v1::GetTeamScorecardRequest& request) {
  OKR_ASSIGN_OR_RETURN(const Names names, Parse(request));
  OKR_ASSIGN_OR_RETURN(const CycleScores scores, ReadCycleScores(reads, call, names.cycle));
  if (!Exists(scores, names.team)) return error::NotFound(names.team.ToString());
  const Policy& policy = PolicyOf(scores.cycle);
  const CycleGroups groups(policy, scores);
  const std::string team = names.team.ToString();

  v1::TeamScorecard card;
  card.set_team(team);
  card.set_cycle(names.cycle.ToString());
  *card.mutable_own() = MakeAggregate(
      policy, scores,
      {.subject = team,
       .includes = [&](const auto& objective) { return objective.owner.ToString() == team; },
       .withheld_reason = groups.WithheldOwn(team)});
  if (request.include_sub_teams()) {
    const std::set<std::string> owners = groups.OwnersWithAll(team);
    *card.mutable_including_sub_teams() = MakeAggregate(
        policy, scores,
        {.subject = team,
         .includes =
             [&](const auto& objective) { return owners.contains(objective.owner.ToString()); },
         .withheld_reason = groups.WithheldWithAll(team)});
  }
  AddObjectives(scores, team, card.own().withheld(), card);
  *card.mutable_update_time() = ToTimestamp(call.now);
  card.set_policy(policy.version);
  return card;
}

}  // namespace okr::scoring
