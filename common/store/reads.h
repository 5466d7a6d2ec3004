// Plain reads for handlers that may block: the rows that a View asks for, and pages of a table.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/postgres/pool.h"
#include "common/store/table.h"
#include "common/store/view.h"

namespace okr::store {

// Which rows of a table, in the order of their names.
struct ListQuery {
  std::string prefix;  // Of the names, e.g. "objectives/x/keyResults/".
  std::vector<std::pair<std::string, ColumnValue>> filters;  // Index column and its value.
  std::string after;                                         // Only names behind this one.
  size_t limit = 50;
};

struct ListedRow {
  std::string name;
  int64_t version = 0;
  std::string body;
};

// Thread-safe. `pool` and `clock` must outlive it.
class Reads {
 public:
  Reads(postgres::ConnectionPool& pool, const Clock& clock) : pool_(pool), clock_(clock) {}

  // Runs `look` in one read-only state of the database, as often as it asks for more rows; what it
  // Puts or Emits is dropped. The same functions over a View serve reads and writes so.
  absl::Status With(const std::string& organization, absl::Time deadline,
                    const std::function<absl::Status(View&)>& look);

  absl::StatusOr<std::vector<ListedRow>> List(const std::string& organization, absl::Time deadline,
                                              const TableBase& table, const ListQuery& query);

 private:
  postgres::ConnectionPool& pool_;
  const Clock& clock_;
};

}  // namespace okr::store
