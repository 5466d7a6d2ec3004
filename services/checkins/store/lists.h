// Pages of check-ins and of what is due, read without locks.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/postgres/pool.h"
#include "common/resources/resources.h"
#include "okr/checkins/v1/resources.pb.h"
#include "services/checkins/store/tables.h"

namespace okr::checkins {

// Where a check-in stands in the order of lists.
struct CheckInKey {
  int64_t effective_time = std::numeric_limits<int64_t>::max();
  int64_t create_time = std::numeric_limits<int64_t>::max();
  std::string name;  // Relative.
};

struct ListedCheckIn {
  CheckInKey key;
  v1::CheckIn check_in;
};

struct DueKey {
  int64_t due_time = std::numeric_limits<int64_t>::min();
  std::string name;  // Relative, of the key result.
};

struct ListedDue {
  DueKey key;
  DueRow row;
  KeyResult key_result;
  Objective objective;
};

// What a timer has to look at.
struct ToLookAt {
  int64_t fire_time = std::numeric_limits<int64_t>::min();
  std::string organization_id;
  std::string name;  // Relative, of the key result.
};

// Thread-safe; `pool` must outlive it. Calls block. Organizations are ids.
class Lists {
 public:
  explicit Lists(postgres::ConnectionPool& pool) : pool_(pool) {}

  // Check-ins behind `after`, latest first.
  absl::StatusOr<std::vector<ListedCheckIn>> CheckInsOf(const KeyResultName& key_result,
                                                        const CheckInKey& after, int limit,
                                                        absl::Time deadline);
  absl::StatusOr<std::vector<ListedCheckIn>> CheckInsOf(const ObjectiveName& objective,
                                                        const CheckInKey& after, int limit,
                                                        absl::Time deadline);
  // The last check-in of each key result that has one, by relative names.
  absl::StatusOr<std::map<std::string, v1::CheckIn>> LatestOf(
      const std::string& organization, const std::vector<std::string>& key_results,
      absl::Time deadline);

  // What is due until a time, longest due first. `owners`: relative names; nothing means all.
  absl::StatusOr<std::vector<ListedDue>> Due(const std::string& organization, absl::Time until,
                                             const std::vector<std::string>& owners,
                                             const DueKey& after, int limit, absl::Time deadline);

  absl::StatusOr<std::vector<TeamName>> TeamsOf(const PersonName& person, absl::Time deadline);

  // Of all organizations, in the order of time.
  absl::StatusOr<std::vector<ToLookAt>> DueStatesToLookAt(absl::Time until, const ToLookAt& after,
                                                          int limit, absl::Time deadline);

 private:
  absl::StatusOr<postgres::Result> Read(const std::string& organization,
                                        const postgres::Statement& statement,
                                        const postgres::Params& params, absl::Time deadline);

  postgres::ConnectionPool& pool_;
};

}  // namespace okr::checkins
