#include "services/checkins/consumers/goals_handler.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "checkins_sql.h"
#include "common/events/projection.h"
#include "common/failpoint/failpoint.h"
#include "common/names/names.h"
#include "common/status/macros.h"
#include "google/protobuf/any.pb.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::checkins {
namespace {

constexpr postgres::Statement kLockDueStates{"checkins.lock_due_states", sql::kLockDueStates};
constexpr postgres::Statement kAddDueStates{"checkins.add_due_states", sql::kAddDueStates};
constexpr postgres::Statement kSealCycle{"checkins.seal_cycle", sql::kSealCycle};

// What changed, and so which due dates have to be looked at anew. Relative names.
struct Changes {
  std::vector<events::ProjectionRow> rows;
  std::vector<std::string> key_results;
  std::vector<std::string> cycles_of_key_results;  // In the order of `key_results`.
  std::vector<std::string> objectives;
  std::vector<std::string> cycles;
  bool organization = false;

  bool MoveDueDates() const {
    return !key_results.empty() || !objectives.empty() || !cycles.empty() || organization;
  }
};

void Note(const events::ProjectionRow& row, Changes& changes) {
  if (row.name.empty()) {
    changes.organization = true;
  } else if (absl::StrContains(row.name, "/keyResults/")) {
    changes.key_results.push_back(row.name);
    changes.cycles_of_key_results.push_back(row.cycle);
  } else if (absl::StartsWith(row.name, "objectives/")) {
    changes.objectives.push_back(row.name);
  } else if (absl::StartsWith(row.name, "cycles/")) {
    changes.cycles.push_back(row.name);
  }
}

absl::StatusOr<Changes> ChangesOf(absl::Span<const okr::events::v1::Event> events) {
  Changes changes;
  for (const okr::events::v1::Event& event : events) {
    OKR_ASSIGN_OR_RETURN(std::optional<events::ProjectionRow> row, events::RowOf(event));
    if (!row) continue;
    Note(*row, changes);
    changes.rows.push_back(*std::move(row));
  }
  return changes;
}

void EnqueueDueStates(postgres::Transaction& transaction, absl::string_view organization_id,
                      const Changes& changes) {
  if (!changes.MoveDueDates()) return;
  transaction.Enqueue(kLockDueStates, postgres::Params()
                                          .Text(organization_id)
                                          .TextArray(changes.key_results)
                                          .TextArray(changes.objectives)
                                          .TextArray(changes.cycles)
                                          .Bool(changes.organization));
  if (changes.key_results.empty()) return;
  transaction.Enqueue(kAddDueStates, postgres::Params()
                                         .Text(organization_id)
                                         .TextArray(changes.key_results)
                                         .TextArray(changes.cycles_of_key_results));
}

store::LogEntry SealOf(const okr::events::v1::Event& event) {
  okr::events::v1::CycleSealedEvent payload;
  payload.set_cycle(event.subject());
  google::protobuf::Any data;
  data.PackFrom(payload);
  return {.event = {.type = "okr.checkins.v1.CycleSealed",
                    .subject = event.subject(),
                    .subject_version = event.subject_version(),
                    .data = data.SerializeAsString()},
          .actor = event.actor(),
          .request_id = event.request_id(),
          .traceparent = event.traceparent()};
}

}  // namespace

absl::Status GoalsHandler::Apply(postgres::Transaction& transaction,
                                 absl::Span<const okr::events::v1::Event> events) {
  Entries entries;
  OKR_RETURN_IF_ERROR(events::ForEachOrganization(
      transaction, events,
      [&](absl::string_view organization_id, absl::Span<const okr::events::v1::Event> of_one) {
        return ApplyOf(transaction, organization_id, of_one, entries);
      }));
  for (const auto& [organization_id, of_one] : entries) {
    transaction.SwitchOrganization(organization_id);
    transaction.Enqueue(store::AppendStatement(),
                        store::AppendParams(organization_id, options_.shards, options_.clock.Now(),
                                            of_one, options_.ids));
    failpoint::ReachAfter(failpoint::FailPoint::kSealAppended,
                          [&transaction] { transaction.Flush().IgnoreError(); });
  }
  return absl::OkStatus();
}

absl::Status GoalsHandler::ApplyOf(postgres::Transaction& transaction,
                                   absl::string_view organization_id,
                                   absl::Span<const okr::events::v1::Event> events,
                                   Entries& entries) {
  OKR_ASSIGN_OR_RETURN(Changes changes, ChangesOf(events));
  EnqueueDueStates(transaction, organization_id, changes);
  events::UpsertProjection(transaction, organization_id, std::move(changes.rows));
  for (const okr::events::v1::Event& event : events) {
    if (event.type() != "okr.directory.v1.CycleGradingOpened") continue;
    OKR_RETURN_IF_ERROR(Seal(transaction, organization_id, event, entries));
  }
  return transaction.Flush();
}

absl::Status GoalsHandler::Seal(postgres::Transaction& transaction,
                                absl::string_view organization_id,
                                const okr::events::v1::Event& event, Entries& entries) {
  OKR_ASSIGN_OR_RETURN(const CycleName cycle, CycleName::Parse(event.subject(), "subject"));
  OKR_ASSIGN_OR_RETURN(const postgres::Result sealed,
                       transaction.Execute(kSealCycle, postgres::Params()
                                                           .Text(organization_id)
                                                           .Text(cycle.relative())
                                                           .Int64(event.subject_version())
                                                           .Timestamp(options_.clock.Now())));
  if (sealed.rows() == 0) return absl::OkStatus();
  failpoint::Reach(failpoint::FailPoint::kSealMarked);
  entries[std::string(organization_id)].push_back(SealOf(event));
  return absl::OkStatus();
}

void GoalsHandler::OnCommitted(absl::Span<const okr::events::v1::Event>) {
  if (options_.applied) options_.applied();
}

}  // namespace okr::checkins
