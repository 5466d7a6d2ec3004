// One SQL statement, known by a name under which each connection prepares it once.
#pragma once

#include "absl/strings/string_view.h"

namespace okr::postgres {

// Refers to text that lives as long as the program, usually from okr_embed_sql:
//   inline constexpr Statement kLockObjectives{"goals.lock_objectives", sql::kLockObjectives};
// One name stands for one text in the whole program. A statement without a name is never prepared.
struct Statement {
  absl::string_view name;
  absl::string_view text;
};

inline constexpr Statement kBegin{"okr.begin", "BEGIN"};
inline constexpr Statement kBeginReadOnly{"okr.begin_read_only", "BEGIN READ ONLY"};
// All statements see one and the same state.
inline constexpr Statement kBeginSnapshot{"okr.begin_snapshot",
                                          "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
inline constexpr Statement kCommit{"okr.commit", "COMMIT"};
inline constexpr Statement kRollback{"", "ROLLBACK"};
// $1 text: the organization whose rows this transaction sees from now on (row-level security).
inline constexpr Statement kSwitchOrganization{"okr.switch_organization",
                                               "SELECT set_config('okr.organization', $1, true)"};

}  // namespace okr::postgres
