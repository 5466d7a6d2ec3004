// The parameters $1, $2, ... of one statement, in PostgreSQL's binary format.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/postgres/oid.h"

namespace okr::postgres {

using Uuid = std::array<uint8_t, 16>;

// Adds one parameter a call, in the order of $1, $2, ...; copies the values into one buffer.
//
// The ...Array functions take any range, for `unnest($1::text[], $2::bigint[])`: of the values
// themselves or of std::optional of them, where nullopt is NULL. A projection makes the element out
// of each item: `params.TextArray(rows, [](const Row& row) { return row.name; })`.
//
// Times are cut to microseconds; infinite ones become PostgreSQL's 'infinity'.
class Params {
 public:
  Params& Text(absl::string_view value);
  Params& Bytes(absl::string_view value);
  Params& Int64(int64_t value);
  Params& Int32(int32_t value);
  Params& Double(double value);
  Params& Bool(bool value);
  Params& Timestamp(absl::Time value);
  Params& Date(absl::CivilDay value);
  Params& Uuid(const postgres::Uuid& value);
  // NULL of any type: the server infers it from the statement.
  Params& Null();

  // The value, or NULL: `params.Optional(&Params::Text, maybe_text)`.
  template <typename Value, typename Argument>
  Params& Optional(Params& (Params::*add)(Argument), const std::optional<Value>& value) {
    return value.has_value() ? (this->*add)(*value) : Null();
  }

  template <typename Range, typename Projection = std::identity>
  Params& TextArray(const Range& range, Projection projection = {}) {
    return Array<absl::string_view>(kOidTextArray, kOidText, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& BytesArray(const Range& range, Projection projection = {}) {
    return Array<absl::string_view>(kOidByteaArray, kOidBytea, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& Int64Array(const Range& range, Projection projection = {}) {
    return Array<int64_t>(kOidInt8Array, kOidInt8, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& Int32Array(const Range& range, Projection projection = {}) {
    return Array<int32_t>(kOidInt4Array, kOidInt4, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& DoubleArray(const Range& range, Projection projection = {}) {
    return Array<double>(kOidFloat8Array, kOidFloat8, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& BoolArray(const Range& range, Projection projection = {}) {
    return Array<bool>(kOidBoolArray, kOidBool, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& TimestampArray(const Range& range, Projection projection = {}) {
    return Array<absl::Time>(kOidTimestamptzArray, kOidTimestamptz, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& DateArray(const Range& range, Projection projection = {}) {
    return Array<absl::CivilDay>(kOidDateArray, kOidDate, range, projection);
  }
  template <typename Range, typename Projection = std::identity>
  Params& UuidArray(const Range& range, Projection projection = {}) {
    return Array<postgres::Uuid>(kOidUuidArray, kOidUuid, range, projection);
  }

  size_t size() const { return oids_.size(); }

  // What libpq takes; the pointers are valid until the next change.
  struct Raw {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
  };
  Raw raw() const;
  const std::vector<Oid>& oids() const { return oids_; }

 private:
  static constexpr int kNullLength = -1;

  template <typename T>
  struct IsOptional : std::false_type {};
  template <typename T>
  struct IsOptional<std::optional<T>> : std::true_type {};

  template <typename Element, typename Range, typename Projection>
  Params& Array(Oid array, Oid element, const Range& range, Projection& projection) {
    const ArrayStart start = BeginArray(array, element);
    int32_t count = 0;
    bool has_null = false;
    for (const auto& item : range) {
      const auto& value = std::invoke(projection, item);
      ++count;
      if constexpr (IsOptional<std::decay_t<decltype(value)>>::value) {
        if (value.has_value()) {
          PutElement(static_cast<Element>(*value));
        } else {
          PutInt32(kNullLength);
          has_null = true;
        }
      } else {
        PutElement(static_cast<Element>(value));
      }
    }
    return EndArray(start, count, has_null);
  }

  using ArrayStart = size_t;  // Offset of the array's header in buffer_.
  ArrayStart BeginArray(Oid array, Oid element);
  Params& EndArray(ArrayStart start, int32_t count, bool has_null);

  // Each writes the element's length, then its bytes.
  void PutElement(absl::string_view value);
  void PutElement(int64_t value);
  void PutElement(int32_t value);
  void PutElement(double value);
  void PutElement(bool value);
  void PutElement(absl::Time value);
  void PutElement(absl::CivilDay value);
  void PutElement(const postgres::Uuid& value);

  void PutInt32(int32_t value);
  void PutInt64(int64_t value);
  void OverwriteInt32(size_t offset, int32_t value);
  // Begins a parameter of type `oid`; its bytes are those appended to buffer_ until Close.
  void Open(Oid oid);
  Params& Close();

  std::string buffer_;
  std::vector<Oid> oids_;
  std::vector<size_t> offsets_;
  std::vector<int> lengths_;
};

// Conversions shared with Result. Microseconds and days count from 2000-01-01.
int64_t ToPostgresMicros(absl::Time time);
absl::Time FromPostgresMicros(int64_t micros);
int32_t ToPostgresDays(absl::CivilDay day);
absl::CivilDay FromPostgresDays(int32_t days);

}  // namespace okr::postgres
