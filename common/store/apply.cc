#include "common/store/apply.h"

#include "common/failpoint/failpoint.h"
#include "common/postgres/connection.h"
#include "common/postgres/params.h"
#include "common/status/macros.h"
#include "common/store/errors.h"
#include "common/store/working_set.h"

namespace okr::store {
namespace {

// Walks along a graph ask for its next level in each round.
constexpr int kMaxRounds = 200;

absl::Status Load(postgres::Transaction& transaction, const Wanted& wanted, WorkingSet& rows) {
  postgres::Connection& connection = transaction.connection();
  const size_t loads = rows.EnqueueLoads(wanted, true, connection);
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results,
                       connection.Flush(transaction.deadline()));
  // What was queued before comes first.
  size_t index = results.size() - loads;
  return rows.TakeLoads(wanted, results, index);
}

}  // namespace

absl::StatusOr<std::vector<Event>> Apply(postgres::Transaction& transaction,
                                         const std::string& organization, absl::Time now,
                                         const std::function<absl::Status(View&)>& decide) {
  WorkingSet rows(organization);
  for (int round = 0; round <= kMaxRounds; ++round) {
    View view(rows, now);
    absl::Status status = decide(view);
    if (view.misses_rows()) {
      OKR_RETURN_IF_ERROR(Load(transaction, view.wanted(), rows));
      continue;
    }
    OKR_RETURN_IF_ERROR(status);
    std::vector<Event> events = std::move(view.events());
    for (auto& [table, changed] : view.changes()) {
      for (auto& [name, row] : changed) rows.Set(*table, name, std::move(row));
    }
    rows.EnqueueWrites(transaction.connection());
    failpoint::Reach(failpoint::FailPoint::kApplyDecided);
    return events;
  }
  return error::TooManyRounds();
}

absl::StatusOr<std::optional<LogPosition>> AppendEvents(postgres::Transaction& transaction,
                                                        int shards, absl::Time now,
                                                        const std::vector<Append>& appends,
                                                        UuidGenerator& ids) {
  const Append* last = nullptr;
  for (const Append& append : appends) {
    if (append.entries.empty()) continue;
    last = &append;
    transaction.SwitchOrganization(append.organization);
    transaction.Enqueue(AppendStatement(),
                        AppendParams(append.organization, shards, now, append.entries, ids));
  }
  if (last == nullptr) return std::optional<LogPosition>();
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results,
                       transaction.connection().Flush(transaction.deadline()));
  failpoint::Reach(failpoint::FailPoint::kLogAppended);
  return std::optional(PositionIn(results.back(), last->organization, shards));
}

}  // namespace okr::store
