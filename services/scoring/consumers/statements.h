// The SQL of consumers and sweeps, beside what tables have in common. Internal.
#pragma once

#include "common/postgres/statement.h"
#include "scoring_sql.h"

namespace okr::scoring {

// $1 organization.
inline constexpr postgres::Statement kOpenBook{"scoring.open_book", sql::kOpenBook};
inline constexpr postgres::Statement kLockBook{"scoring.lock_book", sql::kLockBook};
// $1 shard, $2 organization, $3 cycles, $4 due time.
inline constexpr postgres::Statement kBeginSweeps{"scoring.begin_sweeps", sql::kBeginSweeps};
// $1 shard, $2 organization, $3 due time.
inline constexpr postgres::Statement kBeginAllSweeps{"scoring.begin_all_sweeps",
                                                     sql::kBeginAllSweeps};
// $1 now; gives shard, organization, cycle.
inline constexpr postgres::Statement kFindDueSweep{"scoring.find_due_sweep", sql::kFindDueSweep};
// $1 shard, $2 organization, $3 cycle, $4 now; gives the name after which it goes on.
inline constexpr postgres::Statement kClaimSweep{"scoring.claim_sweep", sql::kClaimSweep};
// $1 organization, $2 cycle, $3 the last name, $4 limit; gives names.
inline constexpr postgres::Statement kNextOfCycle{"scoring.next_of_cycle", sql::kNextOfCycle};
// $1 shard, $2 organization, $3 cycle, $4 due time, $5 the last name.
inline constexpr postgres::Statement kMoveSweep{"scoring.move_sweep", sql::kMoveSweep};
// $1 shard, $2 organization, $3 cycle.
inline constexpr postgres::Statement kEndSweep{"scoring.end_sweep", sql::kEndSweep};

}  // namespace okr::scoring
