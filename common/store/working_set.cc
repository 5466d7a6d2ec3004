#include "common/store/working_set.h"

#include "common/postgres/params.h"
#include "common/status/macros.h"

namespace okr::store {
namespace {

// The values of one index column, as an array parameter.
template <typename Items, typename ValueOf>
void AddColumn(postgres::Params& params, ColumnType type, const Items& items, ValueOf value_of) {
  if (type == ColumnType::kText) {
    params.TextArray(items, [&](const auto& item) -> absl::string_view {
      return std::get<std::string>(value_of(item));
    });
  } else {
    params.Int64Array(items, [&](const auto& item) { return std::get<int64_t>(value_of(item)); });
  }
}

// One row to be written.
struct Write {
  const std::string* name;
  int64_t version;
  std::string body;
  std::vector<ColumnValue> columns;
};

postgres::Params WriteParams(const std::string& organization, const TableBase& table,
                             const std::vector<Write>& writes) {
  postgres::Params params;
  params.Text(organization);
  params.TextArray(writes, [](const Write& write) { return absl::string_view(*write.name); });
  params.Int64Array(writes, [](const Write& write) { return write.version; });
  params.BytesArray(writes, [](const Write& write) { return absl::string_view(write.body); });
  for (size_t i = 0; i < table.options().columns.size(); ++i) {
    AddColumn(params, table.options().columns[i].type, writes,
              [i](const Write& write) -> const ColumnValue& { return write.columns[i]; });
  }
  return params;
}

}  // namespace

const Row* WorkingSet::Find(const TableBase& table, const std::string& name) const {
  const auto rows = rows_.find(&table);
  if (rows == rows_.end()) return nullptr;
  const auto row = rows->second.find(name);
  return row == rows->second.end() ? nullptr : &row->second;
}

bool WorkingSet::HasSelection(const TableBase& table, const ColumnKey& key) const {
  const auto found = selections_.find(&table);
  return found != selections_.end() && found->second.contains(key);
}

const TableRows& WorkingSet::RowsOf(const TableBase& table) const {
  static const TableRows& none = *new TableRows;
  const auto rows = rows_.find(&table);
  return rows == rows_.end() ? none : rows->second;
}

void WorkingSet::Set(const TableBase& table, const std::string& name, Row row) {
  rows_[&table][name] = std::move(row);
}

void WorkingSet::EnqueueLoads(const Wanted& wanted, bool locked,
                              postgres::Connection& connection) const {
  for (const auto& [table, names] : wanted.names) {
    postgres::Params params;
    params.Text(organization_).TextArray(names);
    connection.Enqueue((locked ? table->load() : table->peek()).get(), params);
  }
  for (const auto& [table, keys] : wanted.selections) {
    for (const ColumnKey& key : keys) {
      postgres::Params params;
      params.Text(organization_);
      AddColumn(params, table->options().columns[key.column].type, std::vector{&key},
                [](const ColumnKey* item) -> const ColumnValue& { return item->value; });
      connection.Enqueue(
          (locked ? table->select(key.column) : table->peek_select(key.column)).get(), params);
    }
  }
}

absl::Status WorkingSet::TakeLoads(const Wanted& wanted,
                                   const std::vector<postgres::Result>& results, size_t& index) {
  for (const auto& [table, names] : wanted.names) {
    for (const std::string& name : names) rows_[table].try_emplace(name);
    OKR_RETURN_IF_ERROR(TakeRows(*table, results[index++]));
  }
  for (const auto& [table, keys] : wanted.selections) {
    for (const ColumnKey& key : keys) {
      OKR_RETURN_IF_ERROR(TakeRows(*table, results[index++]));
      selections_[table].insert(key);
    }
  }
  return absl::OkStatus();
}

absl::Status WorkingSet::TakeRows(const TableBase& table, const postgres::Result& result) {
  for (int i = 0; i < result.rows(); ++i) {
    OKR_ASSIGN_OR_RETURN(std::shared_ptr<const void> value, table.Parse(result.GetBytes(i, 2)));
    rows_[&table][std::string(result.GetText(i, 0))] = {
        .value = std::move(value), .version = result.GetInt64(i, 1), .stored = true};
  }
  return absl::OkStatus();
}

void WorkingSet::EnqueueWrites(postgres::Connection& connection) const {
  for (const auto& [table, rows] : rows_) {
    std::vector<Write> inserts;
    std::vector<Write> updates;
    std::vector<absl::string_view> erased;
    for (const auto& [name, row] : rows) {
      if (!row.changed) continue;
      if (!row.exists()) {
        if (row.stored) erased.emplace_back(name);
        continue;
      }
      (row.stored ? updates : inserts)
          .push_back({&name, row.version, table->Serialize(row.value.get(), row.version),
                      table->ColumnValues(row.value.get())});
    }
    if (!erased.empty()) {
      postgres::Params params;
      params.Text(organization_).TextArray(erased);
      connection.Enqueue(table->erase().get(), params);
    }
    if (!updates.empty()) {
      connection.Enqueue(table->update().get(), WriteParams(organization_, *table, updates));
    }
    if (!inserts.empty()) {
      connection.Enqueue(table->insert().get(), WriteParams(organization_, *table, inserts));
    }
  }
}

}  // namespace okr::store
