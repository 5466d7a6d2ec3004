#include "common/store/table.h"

#include <gtest/gtest.h>

namespace okr::store {
namespace {

const Table<int>& Numbers(Lock lock) {
  static const auto make = [](Lock how) {
    return new Table<int>(
        {.name = "numbers",
         .columns = {{.name = "color"}, {.name = "size", .type = ColumnType::kInt64}},
         .lock = how},
        {.parse = [](absl::string_view) -> absl::StatusOr<int> { return 1; },
         .serialize = [](const int&, int64_t) { return std::string(); }});
  };
  static const Table<int>& updated = *make(Lock::kUpdate);
  static const Table<int>& read = *make(Lock::kRead);
  return lock == Lock::kUpdate ? updated : read;
}

TEST(Table, LocksRowsInTheOrderOfTheirNames) {
  EXPECT_EQ(Numbers(Lock::kUpdate).load().text,
            "SELECT name, version, body FROM numbers WHERE organization_id = $1 AND name = "
            "ANY($2::text[]) ORDER BY name FOR NO KEY UPDATE");
}

TEST(Table, WritesIndexColumnsWithTheirTypes) {
  EXPECT_EQ(Numbers(Lock::kUpdate).insert().text,
            "INSERT INTO numbers (organization_id, name, version, body, color, size) SELECT $1, "
            "new.* FROM unnest($2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::bigint[]) AS "
            "new");
}

TEST(Table, OneNameStandsForOneText) {
  EXPECT_NE(Numbers(Lock::kUpdate).load().name, Numbers(Lock::kRead).load().name);
  EXPECT_EQ(Numbers(Lock::kUpdate).peek().name, Numbers(Lock::kRead).peek().name);
  EXPECT_EQ(Numbers(Lock::kUpdate).peek().text, Numbers(Lock::kRead).peek().text);
}

TEST(Table, FindsTheIndexOfAColumn) { EXPECT_EQ(Numbers(Lock::kRead).ColumnIndex("size"), 1u); }

}  // namespace
}  // namespace okr::store
