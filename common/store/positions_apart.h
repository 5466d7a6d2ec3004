// The planted fault failpoint::Fault::kPositionNotLast: positions that are taken before the writes.
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/postgres/connection.h"
#include "common/postgres/params.h"
#include "common/postgres/statement.h"

namespace okr::store {

// Takes `count` positions in a transaction of its own, on another connection, and gives the
// statement that appends with them: instead of AppendStatement, with the same parameters and those
// that are added here.
absl::StatusOr<postgres::Statement> TakePositionsApart(const postgres::Options& database,
                                                       absl::string_view organization, int shards,
                                                       size_t count, postgres::Params& params);

}  // namespace okr::store
