// A table whose rows are resources: what the batch needs to load, lock and write them.
//
// Every such table has the columns organization_id, name (relative resource name), version and
// body, a primary key of the first two, and index columns of text or bigint that are derived from
// the body. Parsing and writing of bodies is the service's; the SQL is the same for all and made
// here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/postgres/statement.h"

namespace okr::store {

enum class ColumnType { kText, kInt64 };

struct Column {
  std::string name;
  ColumnType type = ColumnType::kText;
  // Its index leaves out rows where it is ''; nobody selects those.
  bool sparse = false;
};

using ColumnValue = std::variant<std::string, int64_t>;

// How rows are locked when a batch loads them. Tables are loaded, and so locked, in the order of
// their ranks, rows in the order of their names.
enum class Lock {
  kRead,     // Not at all: a look at what may change at any moment.
  kGuarded,  // Not themselves: whoever loads them has locked the row of another table that guards
             // them.
  kShare,    // Others may read it too, but not change it before this transaction has ended.
  kUpdate,   // Only this transaction may change it.
};

// SQL text with the name under which it is prepared.
struct OwnedStatement {
  std::string name;
  std::string text;
  postgres::Statement get() const { return {name, text}; }
};

// The part of a table that does not depend on the type of its rows. Immutable; lives as long as the
// program.
class TableBase {
 public:
  struct Options {
    std::string name;  // In SQL.
    int rank =
        0;  // Place in the order of locking; unique in a service but for tables of one SQL name.
    std::vector<Column> columns;  // Index columns.
    Lock lock =
        Lock::kUpdate;  // How rows are locked; rows of kRead and kShare tables are never written.
  };
  virtual ~TableBase() = default;
  TableBase(const TableBase&) = delete;
  TableBase& operator=(const TableBase&) = delete;

  virtual absl::StatusOr<std::shared_ptr<const void>> Parse(absl::string_view body) const = 0;
  virtual std::string Serialize(const void* value, int64_t version) const = 0;
  virtual std::vector<ColumnValue> ColumnValues(const void* value) const = 0;

  const Options& options() const { return options_; }
  // Index of a column; it must exist.
  size_t ColumnIndex(absl::string_view column) const;

  // $1 organization, $2 names: gives name, version, body, and locks the rows as the options say.
  const OwnedStatement& load() const { return load_; }
  // $1 organization, $2 values of the column: gives name, version, body, with locks.
  const OwnedStatement& select(size_t column) const { return selects_[column]; }
  // The same without locks.
  const OwnedStatement& peek() const { return peek_; }
  const OwnedStatement& peek_select(size_t column) const { return peek_selects_[column]; }
  // $1 organization, $2 names, $3 versions, $4 bodies, then an array for each index column.
  const OwnedStatement& insert() const { return insert_; }
  const OwnedStatement& update() const { return update_; }
  // $1 organization, $2 names.
  const OwnedStatement& erase() const { return erase_; }

 protected:
  explicit TableBase(Options options);

 private:
  const Options options_;
  OwnedStatement load_;
  OwnedStatement peek_;
  std::vector<OwnedStatement> selects_;
  std::vector<OwnedStatement> peek_selects_;
  OwnedStatement insert_;
  OwnedStatement update_;
  OwnedStatement erase_;
};

// A table of rows of type T, a value of the domain.
template <typename T>
class Table final : public TableBase {
 public:
  struct Codec {
    std::function<absl::StatusOr<T>(absl::string_view body)> parse;
    // `version` is the one the row is written with, for the etag in the body.
    std::function<std::string(const T& value, int64_t version)> serialize;
    // In the order of Options::columns.
    std::function<std::vector<ColumnValue>(const T& value)> columns = [](const T&) {
      return std::vector<ColumnValue>();
    };
  };

  Table(Options options, Codec codec) : TableBase(std::move(options)), codec_(std::move(codec)) {}

  absl::StatusOr<std::shared_ptr<const void>> Parse(absl::string_view body) const override {
    absl::StatusOr<T> value = codec_.parse(body);
    if (!value.ok()) return value.status();
    return std::shared_ptr<const void>(std::make_shared<const T>(*std::move(value)));
  }
  std::string Serialize(const void* value, int64_t version) const override {
    return codec_.serialize(*static_cast<const T*>(value), version);
  }
  std::vector<ColumnValue> ColumnValues(const void* value) const override {
    return codec_.columns(*static_cast<const T*>(value));
  }

 private:
  const Codec codec_;
};

}  // namespace okr::store
