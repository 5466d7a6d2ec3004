#include "services/notifications/consumers/goals_handler.h"

#include <set>
#include <utility>

#include "common/events/projection.h"
#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "notifications_sql.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::notifications {
namespace {

using okr::events::v1::Event;
using okr::events::v1::ObjectiveEvent;

constexpr postgres::Statement kListKeyResultsOfCycle{"notifications.list_key_results_of_cycle",
                                                     sql::kListKeyResultsOfCycle};

constexpr char kObjectiveCreated[] = "okr.goals.v1.ObjectiveCreated";
constexpr char kObjectiveAligned[] = "okr.goals.v1.ObjectiveAligned";
constexpr char kObjectiveUnaligned[] = "okr.goals.v1.ObjectiveUnaligned";
constexpr char kCycleGradingOpened[] = "okr.directory.v1.CycleGradingOpened";

bool IsAboutAlignment(const Event& event) {
  return event.type() == kObjectiveCreated || event.type() == kObjectiveAligned ||
         event.type() == kObjectiveUnaligned;
}

absl::StatusOr<ObjectiveEvent> ReadObjective(const Event& event) {
  ObjectiveEvent payload;
  if (event.data().UnpackTo(&payload)) return payload;
  return absl::InvalidArgumentError("an event of an objective carries something else");
}

// Child and parent, by their full names.
using Links = std::set<std::pair<std::string, std::string>>;

// The alignments, before this run, of the objectives that it aligns: an alignment that only changes
// its weight is told as ObjectiveAligned too.
absl::StatusOr<Links> LinksBefore(postgres::Transaction& transaction,
                                  absl::string_view organization_id, Events run) {
  std::set<std::string> children;
  for (const Event& event : run) {
    if (event.type() == kObjectiveAligned) children.insert(event.subject());
  }
  Links links;
  const auto look = [&](store::View& view) -> absl::Status {
    links.clear();
    for (const std::string& child : children) {
      OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(child));
      view.Want(projection::Objectives(), name.relative());
    }
    for (const std::string& child : children) {
      OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(child));
      OKR_ASSIGN_OR_RETURN(const auto found, view.Find(projection::Objectives(), name.relative()));
      if (!found) continue;
      for (const Alignment& alignment : found->alignments) {
        links.insert({child, alignment.parent_name()});
      }
    }
    return absl::OkStatus();
  };
  OKR_RETURN_IF_ERROR(
      store::Apply(transaction, std::string(organization_id), absl::UnixEpoch(), look).status());
  return links;
}

// Fills new_parents.
absl::Status FindNewParents(Events run, Links links, GoalsRun& known) {
  for (const Event& event : run) {
    if (!IsAboutAlignment(event)) continue;
    OKR_ASSIGN_OR_RETURN(const ObjectiveEvent payload, ReadObjective(event));
    std::vector<std::string> parents;
    if (event.type() == kObjectiveCreated) {
      for (const auto& alignment : payload.objective().alignments()) {
        parents.push_back(alignment.parent());
      }
    } else if (event.type() == kObjectiveAligned) {
      parents.push_back(payload.parent());
    } else {
      links.erase({event.subject(), payload.parent()});
    }
    for (std::string& parent : parents) {
      const bool is_new = links.insert({event.subject(), parent}).second;
      if (is_new) known.new_parents[event.id()].push_back(std::move(parent));
    }
  }
  return absl::OkStatus();
}

// Fills key_results; after the projection was brought up to date.
absl::Status FindKeyResults(postgres::Transaction& transaction, absl::string_view organization_id,
                            Events run, GoalsRun& known) {
  for (const Event& event : run) {
    if (event.type() != kCycleGradingOpened) continue;
    OKR_ASSIGN_OR_RETURN(const CycleName cycle, CycleName::Parse(event.subject()));
    OKR_ASSIGN_OR_RETURN(
        const postgres::Result rows,
        transaction.Execute(kListKeyResultsOfCycle,
                            postgres::Params().Text(organization_id).Text(cycle.relative())));
    std::vector<std::string>& names = known.key_results[event.subject()];
    names.clear();
    for (int row = 0; row < rows.rows(); ++row) names.emplace_back(rows.GetText(row, 0));
  }
  return absl::OkStatus();
}

absl::Status Project(postgres::Transaction& transaction, absl::string_view organization_id,
                     Events run) {
  std::vector<okr::events::ProjectionRow> rows;
  for (const Event& event : run) {
    OKR_ASSIGN_OR_RETURN(auto row, okr::events::RowOf(event));
    if (row) rows.push_back(*std::move(row));
  }
  okr::events::UpsertProjection(transaction, organization_id, std::move(rows));
  return absl::OkStatus();
}

}  // namespace

absl::Status GoalsHandler::Apply(postgres::Transaction& transaction, Events events) {
  teller_.Begin();
  OKR_RETURN_IF_ERROR(okr::events::ForEachOrganization(
      transaction, events, [&](absl::string_view organization_id, Events run) {
        return ApplyRun(transaction, organization_id, run);
      }));
  return teller_.Append(transaction);
}

absl::Status GoalsHandler::ApplyRun(postgres::Transaction& transaction,
                                    absl::string_view organization_id, Events run) {
  GoalsRun known;
  OKR_ASSIGN_OR_RETURN(Links links, LinksBefore(transaction, organization_id, run));
  OKR_RETURN_IF_ERROR(FindNewParents(run, std::move(links), known));
  OKR_RETURN_IF_ERROR(Project(transaction, organization_id, run));
  OKR_RETURN_IF_ERROR(FindKeyResults(transaction, organization_id, run, known));
  return teller_.TellOf(transaction, organization_id, run,
                        [&known](Telling& telling) { return TellOfGoals(known, telling); });
}

}  // namespace okr::notifications
