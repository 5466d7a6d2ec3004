#include <set>
#include <string>

#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/facts.h"
#include "services/scoring/transport/aggregates.h"
#include "services/scoring/transport/groups.h"
#include "services/scoring/transport/reports.h"

namespace okr::scoring {
namespace {

absl::Status CheckFinal(const CycleScores& scores) {
  if (scores.scored) return absl::OkStatus();
  const bool closed = scores.cycle.state == ::okr::CycleState::kClosed;
  return error::ScoresNotFinal(scores.cycle.name.ToString(), !closed         ? "CLOSE"
                                                             : scores.sealed ? "SCORES"
                                                                             : "SEAL");
}

std::set<std::string> OwningTeams(const CycleScores& scores) {
  std::set<std::string> teams;
  for (const CycleObjective& one : scores.objectives) {
    const bool shows = LifecycleOf(one.objective) == Lifecycle::kActive ||
                       LifecycleOf(one.objective) == Lifecycle::kRetired;
    if (shows && one.objective.owner.team() != nullptr) {
      teams.insert(one.objective.owner.ToString());
    }
  }
  return teams;
}

}  // namespace

absl::StatusOr<v1::CycleReport> GetCycleReport(store::Reads& reads, const rpc::Call& call,
                                               const v1::GetCycleReportRequest& request) {
  OKR_ASSIGN_OR_RETURN(const CycleName name, CycleName::Parse(request.cycle(), "cycle"));
  OKR_ASSIGN_OR_RETURN(const CycleScores scores, ReadCycleScores(reads, call, name));
  if (request.require_final()) OKR_RETURN_IF_ERROR(CheckFinal(scores));
  const Policy& policy = PolicyOf(scores.cycle);
  const CycleGroups groups(policy, scores);

  v1::CycleReport report;
  report.set_cycle(name.ToString());
  *report.mutable_organization() =
      MakeAggregate(policy, scores,
                    {.subject = name.ToString(),
                     .includes = [](const auto&) { return true; },
                     .withheld_reason = groups.WithheldOrganization()});
  for (const std::string& team : OwningTeams(scores)) {
    v1::TeamSummary& summary = *report.add_teams();
    summary.set_team(team);
    *summary.mutable_own() = MakeAggregate(
        policy, scores,
        {.subject = team,
         .includes = [&](const auto& objective) { return objective.owner.ToString() == team; },
         .withheld_reason = groups.WithheldOwn(team),
         .explained = false});
  }
  *report.mutable_update_time() = ToTimestamp(call.now);
  report.set_policy(policy.version);
  report.set_final(scores.scored);
  return report;
}

}  // namespace okr::scoring
