// One transaction in which the scores of one or several organizations of a shard change.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/ids/uuid.h"
#include "common/postgres/transaction.h"
#include "common/store/command.h"
#include "common/store/view.h"
#include "services/scoring/consumers/causes.h"

namespace okr::scoring {

// All must outlive what they are given to.
struct ScoreDeps {
  const Clock& clock;
  UuidGenerator& ids;
  int shards = 8;
  // Called after each commit that wrote events.
  std::function<void(const store::LogPosition&)> committed;
};

// What happens to one organization.
struct ScoreWork {
  // Queues statements, which `decide` sees the effect of. May be empty.
  std::function<void(postgres::Transaction&)> prepare;
  // See store::Apply.
  std::function<absl::Status(store::View&)> decide;
  // For the events that follow.
  std::string actor;
  std::string request_id;
  Causes causes;  // Whose traces the events carry on.
};

// Locks the books of the organizations (in the order of ids, before anything else), does the work
// and appends the events. Only the consumer's own statements and COMMIT may follow. Gives the last
// event's position.
absl::StatusOr<std::optional<store::LogPosition>> ChangeScores(
    postgres::Transaction& transaction, const ScoreDeps& deps, absl::Time now,
    const std::map<std::string, ScoreWork>& work_of_organizations);

}  // namespace okr::scoring
