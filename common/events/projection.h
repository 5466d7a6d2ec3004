// The latest state of what other services own, kept in the table `projection`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/postgres/transaction.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/events/v1/event.pb.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr::events {

struct ProjectionRow {
  std::string name;      // Without "organizations/{organization}/"; empty for the organization.
  int64_t version = 0;   // Rises with each change of the resource.
  bool deleted = false;  // Stays as a tombstone, so that an older version does not come back.
  std::string lookup;    // Another key: the token subject of a person; empty for others.
  std::string cycle;     // Relative name of the cycle, of what lies in one.
  std::string body;      // The serialized resource.
  bool operator==(const ProjectionRow&) const = default;
};

// The row of a resource as its owner tells it; `version` as in the events of the resource.
ProjectionRow RowOf(const okr::directory::v1::Organization& organization, int64_t version);
ProjectionRow RowOf(const okr::directory::v1::Person& person, int64_t version);
ProjectionRow RowOf(const okr::directory::v1::Team& team, int64_t version);
ProjectionRow RowOf(const okr::directory::v1::Cycle& cycle, int64_t version);
ProjectionRow RowOf(const okr::goals::v1::Objective& objective, int64_t version);
ProjectionRow RowOf(const okr::goals::v1::KeyResult& key_result, int64_t version);

// The row that an event of directory or goals carries; absent for an event without such a resource.
// INVALID_ARGUMENT if the payload cannot be read.
absl::StatusOr<std::optional<ProjectionRow>> RowOf(const okr::events::v1::Event& event);

// Queues one statement that stores the rows of one organization, which the transaction must have
// been switched to; a row that is not newer than the stored one changes nothing. Failures are told
// by the next statement or Commit. Without rows nothing is queued.
void UpsertProjection(postgres::Transaction& transaction, absl::string_view organization_id,
                      std::vector<ProjectionRow> rows);

}  // namespace okr::events
