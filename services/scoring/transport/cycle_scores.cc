#include "services/scoring/transport/cycle_scores.h"

#include <set>
#include <utility>

#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/names.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {
namespace {

constexpr size_t kTeamsOfOnePage = 1'000;

absl::StatusOr<std::vector<::okr::Team>> ReadTeams(store::Reads& reads,
                                                   const std::string& organization,
                                                   absl::Time deadline) {
  std::vector<::okr::Team> teams;
  store::ListQuery query{.prefix = "teams/", .limit = kTeamsOfOnePage};
  while (true) {
    OKR_ASSIGN_OR_RETURN(const std::vector<store::ListedRow> rows,
                         reads.List(organization, deadline, projection::Teams(), query));
    for (const store::ListedRow& row : rows) {
      directory::v1::Team message;
      if (!message.ParseFromString(row.body)) {
        return absl::InternalError("a projected team cannot be read");
      }
      OKR_ASSIGN_OR_RETURN(teams.emplace_back(), FromProto(message));
    }
    if (rows.size() < query.limit) return teams;
    query.after = rows.back().name;
  }
}

absl::Status ReadObjectives(store::View& view, const CycleName& name, CycleScores& out) {
  OKR_ASSIGN_OR_RETURN(const auto scores, view.Select(tables::ObjectiveScores(), "cycle",
                                                      std::string(name.relative())));
  for (const auto& score : scores) view.Want(projection::Objectives(), score.name);
  out.objectives.clear();
  for (const auto& score : scores) {
    OKR_ASSIGN_OR_RETURN(const auto objective, view.Find(projection::Objectives(), score.name));
    if (objective && !objective->deleted()) out.objectives.push_back({*objective, *score.value});
  }
  return absl::OkStatus();
}

absl::Status Read(store::View& view, const rpc::Call& call, const CycleName& name,
                  CycleScores& out) {
  view.Want(projection::Cycles(), name.relative());
  view.Want(tables::CycleStates(), name.relative());
  view.WantSelection(tables::ObjectiveScores(), "cycle", std::string(name.relative()));
  OKR_ASSIGN_OR_RETURN(out.viewer, FindViewer(view, call.principal));
  OKR_ASSIGN_OR_RETURN(const auto cycle, view.Find(projection::Cycles(), name.relative()));
  if (!cycle) return error::NotFound(name.ToString());
  out.cycle = *cycle;
  OKR_ASSIGN_OR_RETURN(const auto state, view.Find(tables::CycleStates(), name.relative()));
  out.sealed = state && state->sealed();
  out.scored = state && state->scored();
  return ReadObjectives(view, name, out);
}

// A team that is gone still stands behind what it owns; others are of no use.
void DropDeletedTeams(CycleScores& scores) {
  std::set<std::string> owners;
  for (const CycleObjective& objective : scores.objectives) {
    owners.insert(objective.objective.owner.ToString());
  }
  std::erase_if(scores.teams, [&](const ::okr::Team& team) {
    return team.times.delete_time.has_value() && !owners.contains(team.name.ToString());
  });
}

}  // namespace

absl::StatusOr<CycleScores> ReadCycleScores(store::Reads& reads, const rpc::Call& call,
                                            const CycleName& cycle) {
  const std::string organization(cycle.organization_id());
  CycleScores scores;
  OKR_RETURN_IF_ERROR(reads.With(organization, call.deadline, [&](store::View& view) {
    return Read(view, call, cycle, scores);
  }));
  OKR_ASSIGN_OR_RETURN(scores.teams, ReadTeams(reads, organization, call.deadline));
  DropDeletedTeams(scores);
  return scores;
}

}  // namespace okr::scoring
