// The rows that a batch has loaded, with the changes its commands made so far.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/postgres/connection.h"
#include "common/postgres/result.h"
#include "common/store/table.h"

namespace okr::store {

// Orders tables, and so everything keyed by them, as they are locked.
struct TableOrder {
  bool operator()(const TableBase* a, const TableBase* b) const {
    return std::tuple(a->options().rank, a) < std::tuple(b->options().rank, b);
  }
};

struct Row {
  std::shared_ptr<const void> value;  // Null if there is no such row.
  int64_t version = 0;                // 0 if there never was one.
  bool stored = false;                // Whether the database has it.
  bool changed = false;

  bool exists() const { return value != nullptr; }
};

using TableRows = std::map<std::string, Row>;
using Rows = std::map<const TableBase*, TableRows, TableOrder>;

// Values of one index column of one table.
struct ColumnKey {
  size_t column = 0;
  ColumnValue value;
  auto operator<=>(const ColumnKey&) const = default;
};

// What has to be loaded.
struct Wanted {
  std::map<const TableBase*, std::set<std::string>, TableOrder> names;
  std::map<const TableBase*, std::set<ColumnKey>, TableOrder> selections;
  bool empty() const { return names.empty() && selections.empty(); }
  void Add(const Wanted& more);
};

// Rows of one organization. Not thread-safe.
class WorkingSet {
 public:
  explicit WorkingSet(std::string organization) : organization_(std::move(organization)) {}

  // The row, with value null if the database has none; null if it was not loaded yet.
  const Row* Find(const TableBase& table, const std::string& name) const;
  // Whether all rows with this column value were loaded.
  bool HasSelection(const TableBase& table, const ColumnKey& key) const;
  // All rows of the table that are known.
  const TableRows& RowsOf(const TableBase& table) const;
  void Set(const TableBase& table, const std::string& name, Row row);

  // Queues the loading of what is wanted, in the order of locking; `locked` as the tables say, or
  // not at all. Gives the number of statements.
  size_t EnqueueLoads(const Wanted& wanted, bool locked, postgres::Connection& connection) const;
  // Takes the results of EnqueueLoads, which begin at `index`; moves it behind them.
  absl::Status TakeLoads(const Wanted& wanted, const std::vector<postgres::Result>& results,
                         size_t& index);
  // Queues the writing of what was changed.
  void EnqueueWrites(postgres::Connection& connection) const;

 private:
  absl::Status TakeRow(const TableBase& table, const postgres::Result& result, int row);

  std::string organization_;
  Rows rows_;
  std::map<const TableBase*, std::set<ColumnKey>, TableOrder> selections_;
};

}  // namespace okr::store
