#include "common/store/positions_apart.h"

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/ids/shard.h"
#include "common/status/macros.h"
#include "okr_store_sql.h"

namespace okr::store {
namespace {

constexpr absl::Duration kBudget = absl::Seconds(5);
constexpr postgres::Statement kTakePositions{
    "store.take_positions_apart",
    "UPDATE log_heads SET position = position + $2 WHERE shard = $1 RETURNING epoch, position - "
    "$2"};

// As append_events.sql, with positions that were taken before.
std::string AppendWithPositions() {
  std::string sql(sql::kAppendEvents);
  const size_t begin = sql.find("UPDATE log_heads");
  const size_t end = sql.find(" AS base", begin);
  return sql.replace(begin, end - begin, "SELECT $14::bigint AS epoch, $15::bigint");
}

}  // namespace

absl::StatusOr<postgres::Statement> TakePositionsApart(const postgres::Options& database,
                                                       absl::string_view organization, int shards,
                                                       size_t count, postgres::Params& params) {
  static const std::string& append = *new std::string(AppendWithPositions());
  OKR_ASSIGN_OR_RETURN(const std::unique_ptr<postgres::Connection> connection,
                       postgres::Connection::Open(database));
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result taken,
      connection->Execute(kTakePositions,
                          postgres::Params()
                              .Int32(static_cast<int32_t>(ShardOf(organization, shards)))
                              .Int64(static_cast<int64_t>(count)),
                          absl::Now() + kBudget));
  params.Int64(taken.GetInt64(0, 0)).Int64(taken.GetInt64(0, 1));
  return postgres::Statement{"store.append_events_apart", append};
}

}  // namespace okr::store
