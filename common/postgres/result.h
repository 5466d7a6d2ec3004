// The rows that a statement gave, in PostgreSQL's binary format.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/postgres/params.h"

struct pg_result;

namespace okr::postgres {

// Rows and columns count from 0. The getters must be called for a value that is not NULL and of
// their type (checked in debug builds). Views live as long as the result, also after a move.
class Result {
 public:
  // Takes ownership.
  explicit Result(pg_result* result) : result_(result) {}

  int rows() const;
  int columns() const;
  // Rows inserted, updated, deleted or selected.
  int64_t affected() const;
  // The server's word for what was done, e.g. "COMMIT" or "UPDATE 3".
  absl::string_view command_tag() const;

  bool IsNull(int row, int column) const;
  // text, varchar, name and types of one's own that are written as text.
  absl::string_view GetText(int row, int column) const;
  absl::string_view GetBytes(int row, int column) const;
  int64_t GetInt64(int row, int column) const;  // Also of the narrower integer types.
  int32_t GetInt32(int row, int column) const;
  double GetDouble(int row, int column) const;
  bool GetBool(int row, int column) const;
  absl::Time GetTime(int row, int column) const;
  absl::CivilDay GetDate(int row, int column) const;
  Uuid GetUuid(int row, int column) const;

  // The value, or nullopt for NULL: `result.Optional(&Result::GetTime, row, column)`.
  template <typename T>
  std::optional<T> Optional(T (Result::*get)(int, int) const, int row, int column) const {
    if (IsNull(row, column)) return std::nullopt;
    return (this->*get)(row, column);
  }

  // Arrays of one dimension; nullopt for a NULL element.
  std::vector<std::optional<absl::string_view>> GetTextArray(int row, int column) const;
  std::vector<std::optional<int64_t>> GetInt64Array(int row, int column) const;
  std::vector<std::optional<double>> GetDoubleArray(int row, int column) const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  absl::string_view Raw(int row, int column) const;
  void CheckType(int column, std::initializer_list<Oid> allowed) const;
  std::vector<std::optional<absl::string_view>> Elements(int row, int column) const;

  std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace okr::postgres
