#include "common/postgres/result.h"

#include <endian.h>
#include <libpq-fe.h>

#include <bit>
#include <cassert>
#include <cstring>

#include "absl/strings/numbers.h"

namespace okr::postgres {
namespace {

constexpr Oid kFirstUserType = 16384;
constexpr Oid kOidName = 19;
constexpr Oid kOidVarchar = 1043;

int16_t ReadInt16(const char* data) {
  uint16_t big = 0;
  std::memcpy(&big, data, sizeof(big));
  return static_cast<int16_t>(be16toh(big));
}

int32_t ReadInt32(const char* data) {
  uint32_t big = 0;
  std::memcpy(&big, data, sizeof(big));
  return static_cast<int32_t>(be32toh(big));
}

int64_t ReadInt64(const char* data) {
  uint64_t big = 0;
  std::memcpy(&big, data, sizeof(big));
  return static_cast<int64_t>(be64toh(big));
}

}  // namespace

void Result::Clear::operator()(pg_result* result) const { PQclear(result); }

int Result::rows() const { return PQntuples(result_.get()); }

int Result::columns() const { return PQnfields(result_.get()); }

int64_t Result::affected() const {
  int64_t count = 0;
  return absl::SimpleAtoi(PQcmdTuples(result_.get()), &count) ? count : 0;
}

absl::string_view Result::command_tag() const { return PQcmdStatus(result_.get()); }

bool Result::IsNull(int row, int column) const {
  assert(row < rows() && column < columns());
  return PQgetisnull(result_.get(), row, column) != 0;
}

absl::string_view Result::Raw(int row, int column) const {
  assert(!IsNull(row, column));
  return absl::string_view(PQgetvalue(result_.get(), row, column),
                           static_cast<size_t>(PQgetlength(result_.get(), row, column)));
}

void Result::CheckType([[maybe_unused]] int column,
                       [[maybe_unused]] std::initializer_list<Oid> allowed) const {
#ifndef NDEBUG
  const Oid type = PQftype(result_.get(), column);
  bool found = false;
  for (const Oid oid : allowed) found = found || oid == type;
  assert(found && "the column is of another type");
#endif
}

absl::string_view Result::GetText(int row, int column) const {
  if (PQftype(result_.get(), column) < kFirstUserType) {
    CheckType(column, {kOidText, kOidVarchar, kOidName});
  }
  return Raw(row, column);
}

absl::string_view Result::GetBytes(int row, int column) const {
  CheckType(column, {kOidBytea});
  return Raw(row, column);
}

int64_t Result::GetInt64(int row, int column) const {
  CheckType(column, {kOidInt8, kOidInt4, kOidInt2});
  const absl::string_view raw = Raw(row, column);
  if (raw.size() == sizeof(int64_t)) return ReadInt64(raw.data());
  return raw.size() == sizeof(int32_t) ? ReadInt32(raw.data()) : ReadInt16(raw.data());
}

int32_t Result::GetInt32(int row, int column) const {
  CheckType(column, {kOidInt4, kOidInt2});
  return static_cast<int32_t>(GetInt64(row, column));
}

double Result::GetDouble(int row, int column) const {
  CheckType(column, {kOidFloat8});
  return std::bit_cast<double>(ReadInt64(Raw(row, column).data()));
}

bool Result::GetBool(int row, int column) const {
  CheckType(column, {kOidBool});
  return Raw(row, column)[0] != '\0';
}

absl::Time Result::GetTime(int row, int column) const {
  CheckType(column, {kOidTimestamptz});
  return FromPostgresMicros(ReadInt64(Raw(row, column).data()));
}

absl::CivilDay Result::GetDate(int row, int column) const {
  CheckType(column, {kOidDate});
  return FromPostgresDays(ReadInt32(Raw(row, column).data()));
}

Uuid Result::GetUuid(int row, int column) const {
  CheckType(column, {kOidUuid});
  Uuid uuid;
  std::memcpy(uuid.data(), Raw(row, column).data(), uuid.size());
  return uuid;
}

std::vector<std::optional<absl::string_view>> Result::Elements(int row, int column) const {
  constexpr size_t kHeaderBytes = 20;  // Dimensions, flags, element type, length, lower bound.
  const absl::string_view raw = Raw(row, column);
  std::vector<std::optional<absl::string_view>> elements;
  if (ReadInt32(raw.data()) == 0) return elements;
  assert(ReadInt32(raw.data()) == 1 && "the array has more than one dimension");
  const int32_t count = ReadInt32(raw.data() + 12);
  elements.reserve(static_cast<size_t>(count));
  const char* next = raw.data() + kHeaderBytes;
  for (int32_t i = 0; i < count; ++i) {
    const int32_t length = ReadInt32(next);
    next += sizeof(int32_t);
    if (length < 0) {
      elements.emplace_back(std::nullopt);
      continue;
    }
    elements.emplace_back(absl::string_view(next, static_cast<size_t>(length)));
    next += length;
  }
  return elements;
}

std::vector<std::optional<absl::string_view>> Result::GetTextArray(int row, int column) const {
  CheckType(column, {kOidTextArray});
  return Elements(row, column);
}

std::vector<std::optional<int64_t>> Result::GetInt64Array(int row, int column) const {
  CheckType(column, {kOidInt8Array});
  std::vector<std::optional<int64_t>> values;
  for (const auto& element : Elements(row, column)) {
    values.push_back(element ? std::optional(ReadInt64(element->data())) : std::nullopt);
  }
  return values;
}

std::vector<std::optional<double>> Result::GetDoubleArray(int row, int column) const {
  CheckType(column, {kOidFloat8Array});
  std::vector<std::optional<double>> values;
  for (const auto& element : Elements(row, column)) {
    values.push_back(element ? std::optional(std::bit_cast<double>(ReadInt64(element->data())))
                             : std::nullopt);
  }
  return values;
}

}  // namespace okr::postgres
