#include "common/store/view.h"

#include "google/protobuf/any.pb.h"

namespace okr::store {
namespace {

absl::Status NotLoaded() { return absl::InternalError("a row that was not loaded yet"); }

}  // namespace

void View::Want(const TableBase& table, absl::string_view name) {
  std::string key(name);
  if (Known(table, key) == nullptr) wanted_.names[&table].insert(std::move(key));
}

void View::WantSelection(const TableBase& table, absl::string_view column,
                         const ColumnValue& value) {
  ColumnKey key{table.ColumnIndex(column), value};
  if (!base_.HasSelection(table, key)) wanted_.selections[&table].insert(std::move(key));
}

const Row* View::Known(const TableBase& table, const std::string& name) const {
  if (const auto rows = changes_.find(&table); rows != changes_.end()) {
    if (const auto row = rows->second.find(name); row != rows->second.end()) return &row->second;
  }
  return base_.Find(table, name);
}

absl::StatusOr<const Row*> View::FindRow(const TableBase& table, absl::string_view name) {
  const Row* row = Known(table, std::string(name));
  if (row != nullptr) return row;
  Want(table, name);
  misses_ = true;
  return NotLoaded();
}

absl::StatusOr<std::vector<std::pair<std::string, Row>>> View::SelectRows(
    const TableBase& table, absl::string_view column, const ColumnValue& value) {
  const ColumnKey key{table.ColumnIndex(column), value};
  if (!base_.HasSelection(table, key)) {
    wanted_.selections[&table].insert(key);
    misses_ = true;
    return NotLoaded();
  }
  // Rows that commands changed may have come into the selection or left it.
  const auto matches = [&](const Row& row) {
    return row.exists() && table.ColumnValues(row.value.get())[key.column] == key.value;
  };
  TableRows selected;
  for (const auto& [name, row] : base_.RowsOf(table)) {
    if (matches(row)) selected[name] = row;
  }
  if (const auto changed = changes_.find(&table); changed != changes_.end()) {
    for (const auto& [name, row] : changed->second) {
      if (matches(row)) {
        selected[name] = row;
      } else {
        selected.erase(name);
      }
    }
  }
  return std::vector<std::pair<std::string, Row>>(selected.begin(), selected.end());
}

int64_t View::PutRow(const TableBase& table, absl::string_view name,
                     std::shared_ptr<const void> value, bool fresh) {
  std::string key(name);
  const Row* known = Known(table, key);
  assert(known != nullptr || fresh);
  Row row = known == nullptr ? Row{} : *known;
  row.value = std::move(value);
  ++row.version;
  row.changed = true;
  const int64_t version = row.version;
  changes_[&table][std::move(key)] = std::move(row);
  return version;
}

void View::Erase(const TableBase& table, absl::string_view name) {
  std::string key(name);
  const Row* known = Known(table, key);
  if (known == nullptr || !known->exists()) return;
  Row row = *known;
  row.value = nullptr;
  row.changed = true;
  changes_[&table][std::move(key)] = std::move(row);
}

void View::Emit(absl::string_view type, absl::string_view subject, int64_t subject_version,
                const google::protobuf::Message& payload, bool is_private) {
  google::protobuf::Any any;
  any.PackFrom(payload);
  events_.push_back({std::string(type), std::string(subject), subject_version,
                     any.SerializeAsString(), is_private});
}

}  // namespace okr::store
