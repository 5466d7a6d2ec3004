#include "services/scoring/consumers/goals_events.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "common/events/projection.h"
#include "common/ids/shard.h"
#include "common/postgres/params.h"
#include "common/status/macros.h"
#include "services/scoring/consumers/statements.h"
#include "services/scoring/store/names.h"
#include "services/scoring/store/recompute.h"

namespace okr::scoring {
namespace {

// What a run of events changed.
struct Changes {
  std::vector<events::ProjectionRow> rows;
  Touched touched;
  std::set<std::string> cycles;
  bool organization = false;
};

void Take(events::ProjectionRow row, Changes& changes) {
  if (row.name.empty()) {
    changes.organization = true;
  } else if (absl::StartsWith(row.name, "cycles/")) {
    changes.cycles.insert(row.name);
  } else if (absl::StartsWith(row.name, "objectives/")) {
    (IsKeyResult(row.name) ? changes.touched.key_results : changes.touched.objectives)
        .insert(row.name);
  }
  changes.rows.push_back(std::move(row));
}

absl::StatusOr<Changes> Read(const EventList& events) {
  Changes changes;
  for (const okr::events::v1::Event* event : events) {
    OKR_ASSIGN_OR_RETURN(std::optional<events::ProjectionRow> row, events::RowOf(*event));
    if (row) Take(*std::move(row), changes);
  }
  return changes;
}

void Prepare(postgres::Transaction& transaction, const std::string& organization, int32_t shard,
             absl::Time now, const Changes& changes) {
  events::UpsertProjection(transaction, organization, changes.rows);
  postgres::Params params;
  params.Int32(shard).Text(organization);
  if (changes.organization) {
    transaction.Enqueue(kBeginAllSweeps, params.Timestamp(now));
  } else if (!changes.cycles.empty()) {
    transaction.Enqueue(kBeginSweeps, params.TextArray(changes.cycles).Timestamp(now));
  }
}

}  // namespace

MakeWork GoalsEvents(int shards) {
  return [shards](const std::string& organization, const EventList& events,
                  absl::Time now) -> absl::StatusOr<ScoreWork> {
    OKR_ASSIGN_OR_RETURN(Changes read, Read(events));
    const auto changes = std::make_shared<const Changes>(std::move(read));
    const auto shard = static_cast<int32_t>(ShardOf(organization, static_cast<uint32_t>(shards)));
    return ScoreWork{.prepare =
                         [changes, organization, shard, now](postgres::Transaction& transaction) {
                           Prepare(transaction, organization, shard, now, *changes);
                         },
                     .decide =
                         [changes, organization](store::View& view) {
                           return Recompute(view, organization, changes->touched);
                         }};
  };
}

}  // namespace okr::scoring
