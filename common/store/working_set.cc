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

// One statement: rows by name, of tables that are one in SQL and stand side by side in the order of
// locking.
struct NamedLoad {
  std::vector<const TableBase*> tables;
  std::vector<absl::string_view> names;
};

std::vector<NamedLoad> NamedLoads(const Wanted& wanted) {
  std::vector<NamedLoad> loads;
  for (const auto& [table, names] : wanted.names) {
    if (loads.empty() || loads.back().tables.front()->load().name != table->load().name) {
      loads.emplace_back();
    }
    loads.back().tables.push_back(table);
    loads.back().names.insert(loads.back().names.end(), names.begin(), names.end());
  }
  return loads;
}

// One statement: rows by the values of one column.
struct SelectionLoad {
  const TableBase* table;
  size_t column;
  std::vector<const ColumnValue*> values;
};

std::vector<SelectionLoad> SelectionLoads(const Wanted& wanted) {
  std::vector<SelectionLoad> loads;
  for (const auto& [table, keys] : wanted.selections) {
    for (const ColumnKey& key : keys) {
      const bool same =
          !loads.empty() && loads.back().table == table && loads.back().column == key.column;
      if (!same) loads.push_back({.table = table, .column = key.column});
      loads.back().values.push_back(&key.value);
    }
  }
  return loads;
}

}  // namespace

void Wanted::Add(const Wanted& more) {
  for (const auto& [table, added] : more.names) names[table].insert(added.begin(), added.end());
  for (const auto& [table, added] : more.selections) {
    selections[table].insert(added.begin(), added.end());
  }
}

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

size_t WorkingSet::EnqueueLoads(const Wanted& wanted, bool locked,
                                postgres::Connection& connection) const {
  const std::vector<NamedLoad> by_name = NamedLoads(wanted);
  for (const NamedLoad& load : by_name) {
    postgres::Params params;
    params.Text(organization_).TextArray(load.names);
    const TableBase& table = *load.tables.front();
    connection.Enqueue((locked ? table.load() : table.peek()).get(), params);
  }
  const std::vector<SelectionLoad> by_column = SelectionLoads(wanted);
  for (const SelectionLoad& load : by_column) {
    postgres::Params params;
    params.Text(organization_);
    AddColumn(params, load.table->options().columns[load.column].type, load.values,
              [](const ColumnValue* value) -> const ColumnValue& { return *value; });
    connection.Enqueue(
        (locked ? load.table->select(load.column) : load.table->peek_select(load.column)).get(),
        params);
  }
  return by_name.size() + by_column.size();
}

absl::Status WorkingSet::TakeLoads(const Wanted& wanted,
                                   const std::vector<postgres::Result>& results, size_t& index) {
  for (const auto& [table, names] : wanted.names) {
    for (const std::string& name : names) rows_[table].try_emplace(name);
  }
  for (const NamedLoad& load : NamedLoads(wanted)) {
    const postgres::Result& result = results[index++];
    for (int row = 0; row < result.rows(); ++row) {
      const std::string name(result.GetText(row, 0));
      for (const TableBase* table : load.tables) {
        if (wanted.names.at(table).contains(name)) {
          OKR_RETURN_IF_ERROR(TakeRow(*table, result, row));
        }
      }
    }
  }
  for (const SelectionLoad& load : SelectionLoads(wanted)) {
    const postgres::Result& result = results[index++];
    for (int row = 0; row < result.rows(); ++row) {
      OKR_RETURN_IF_ERROR(TakeRow(*load.table, result, row));
    }
    for (const ColumnValue* value : load.values) {
      selections_[load.table].insert({load.column, *value});
    }
  }
  return absl::OkStatus();
}

absl::Status WorkingSet::TakeRow(const TableBase& table, const postgres::Result& result, int row) {
  OKR_ASSIGN_OR_RETURN(std::shared_ptr<const void> value, table.Parse(result.GetBytes(row, 2)));
  rows_[&table][std::string(result.GetText(row, 0))] = {
      .value = std::move(value), .version = result.GetInt64(row, 1), .stored = true};
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
