#include "common/store/table.h"

#include "absl/strings/str_cat.h"

namespace okr::store {
namespace {

absl::string_view LockClause(Lock lock) {
  switch (lock) {
    case Lock::kRead:
    case Lock::kGuarded:
      return "";
    case Lock::kShare:
      return " FOR SHARE";
    case Lock::kUpdate:
      return " FOR NO KEY UPDATE";
  }
  return "";
}

absl::string_view ArrayType(ColumnType type) {
  return type == ColumnType::kText ? "text[]" : "bigint[]";
}

}  // namespace

TableBase::TableBase(Options options) : options_(std::move(options)) {
  const std::string& table = options_.name;
  const absl::string_view lock = LockClause(options_.lock);
  const std::string prefix = absl::StrCat("store.", table, ".");
  // One text for one name: tables of one SQL name may be locked in different ways.
  const std::string locked = absl::StrCat(prefix, "lock", static_cast<int>(options_.lock), ".");
  const auto select = [&](absl::string_view column, absl::string_view type, bool sparse) {
    return absl::StrCat("SELECT name, version, body FROM ", table,
                        " WHERE organization_id = $1 AND ", column, " = ANY($2::", type, ")",
                        sparse ? absl::StrCat(" AND ", column, " <> ''") : "", " ORDER BY name");
  };
  peek_ = {prefix + "load", select("name", "text[]", /*sparse=*/false)};
  load_ = {locked + "load", absl::StrCat(peek_.text, lock)};
  erase_ = {prefix + "erase",
            absl::StrCat("DELETE FROM ", table,
                         " WHERE organization_id = $1 AND name = ANY($2::text[])")};
  std::string names;
  std::string arrays = "$2::text[], $3::bigint[], $4::bytea[]";
  std::string assignments = "version = new.version, body = new.body";
  int parameter = 5;
  for (const Column& column : options_.columns) {
    const std::string text = select(column.name, ArrayType(column.type), column.sparse);
    peek_selects_.push_back({absl::StrCat(prefix, "select.", column.name), text});
    selects_.push_back({absl::StrCat(locked, "select.", column.name), absl::StrCat(text, lock)});
    absl::StrAppend(&names, ", ", column.name);
    absl::StrAppend(&arrays, ", $", parameter++, "::", ArrayType(column.type));
    absl::StrAppend(&assignments, ", ", column.name, " = new.", column.name);
  }
  insert_ = {prefix + "insert",
             absl::StrCat("INSERT INTO ", table, " (organization_id, name, version, body", names,
                          ") SELECT $1, new.* FROM unnest(", arrays, ") AS new")};
  update_ = {prefix + "update",
             absl::StrCat("UPDATE ", table, " AS old SET ", assignments, " FROM unnest(", arrays,
                          ") AS new(name, version, body", names,
                          ") WHERE old.organization_id = $1 AND old.name = new.name")};
}

size_t TableBase::ColumnIndex(absl::string_view column) const {
  size_t index = 0;
  while (absl::string_view(options_.columns.at(index).name) != column) ++index;
  return index;
}

}  // namespace okr::store
