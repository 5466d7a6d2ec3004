#include "common/postgres/params.h"

#include <endian.h>

#include <cstring>
#include <limits>

namespace okr::postgres {
namespace {

constexpr int64_t kEpochUnixMicros = 946684800LL * 1000 * 1000;  // 2000-01-01T00:00:00Z
constexpr int kBinaryFormat = 1;
constexpr size_t kHeaderBytes = 12;    // Dimensions, flags, element type.
constexpr size_t kDimensionBytes = 8;  // Length, lower bound.

}  // namespace

int64_t ToPostgresMicros(absl::Time time) {
  if (time == absl::InfiniteFuture()) return std::numeric_limits<int64_t>::max();
  if (time == absl::InfinitePast()) return std::numeric_limits<int64_t>::min();
  return absl::ToUnixMicros(time) - kEpochUnixMicros;
}

absl::Time FromPostgresMicros(int64_t micros) {
  if (micros == std::numeric_limits<int64_t>::max()) return absl::InfiniteFuture();
  if (micros == std::numeric_limits<int64_t>::min()) return absl::InfinitePast();
  return absl::FromUnixMicros(kEpochUnixMicros) + absl::Microseconds(micros);
}

int32_t ToPostgresDays(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(2000, 1, 1));
}

absl::CivilDay FromPostgresDays(int32_t days) { return absl::CivilDay(2000, 1, 1) + days; }

void Params::PutInt32(int32_t value) {
  const uint32_t big = htobe32(static_cast<uint32_t>(value));
  buffer_.append(reinterpret_cast<const char*>(&big), sizeof(big));
}

void Params::PutInt64(int64_t value) {
  const uint64_t big = htobe64(static_cast<uint64_t>(value));
  buffer_.append(reinterpret_cast<const char*>(&big), sizeof(big));
}

void Params::OverwriteInt32(size_t offset, int32_t value) {
  const uint32_t big = htobe32(static_cast<uint32_t>(value));
  std::memcpy(buffer_.data() + offset, &big, sizeof(big));
}

void Params::Open(Oid oid) {
  oids_.push_back(oid);
  offsets_.push_back(buffer_.size());
}

Params& Params::Close() {
  lengths_.push_back(static_cast<int>(buffer_.size() - offsets_.back()));
  return *this;
}

Params& Params::Text(absl::string_view value) {
  Open(kOidText);
  buffer_.append(value.data(), value.size());
  return Close();
}

Params& Params::Bytes(absl::string_view value) {
  Open(kOidBytea);
  buffer_.append(value.data(), value.size());
  return Close();
}

Params& Params::Int64(int64_t value) {
  Open(kOidInt8);
  PutInt64(value);
  return Close();
}

Params& Params::Int32(int32_t value) {
  Open(kOidInt4);
  PutInt32(value);
  return Close();
}

Params& Params::Double(double value) {
  Open(kOidFloat8);
  PutInt64(std::bit_cast<int64_t>(value));
  return Close();
}

Params& Params::Bool(bool value) {
  Open(kOidBool);
  buffer_.push_back(value ? '\1' : '\0');
  return Close();
}

Params& Params::Timestamp(absl::Time value) {
  Open(kOidTimestamptz);
  PutInt64(ToPostgresMicros(value));
  return Close();
}

Params& Params::Date(absl::CivilDay value) {
  Open(kOidDate);
  PutInt32(ToPostgresDays(value));
  return Close();
}

Params& Params::Uuid(const postgres::Uuid& value) {
  Open(kOidUuid);
  buffer_.append(reinterpret_cast<const char*>(value.data()), value.size());
  return Close();
}

Params& Params::Null() {
  Open(0);
  lengths_.push_back(kNullLength);
  return *this;
}

Params::ArrayStart Params::BeginArray(Oid array, Oid element) {
  Open(array);
  const ArrayStart start = buffer_.size();
  PutInt32(1);  // Dimensions.
  PutInt32(0);  // Whether there are NULLs.
  PutInt32(static_cast<int32_t>(element));
  PutInt32(0);  // Length.
  PutInt32(1);  // Lower bound.
  return start;
}

Params& Params::EndArray(ArrayStart start, int32_t count, bool has_null) {
  if (count == 0) {
    OverwriteInt32(start, 0);  // An empty array has no dimension.
    buffer_.resize(buffer_.size() - kDimensionBytes);
    return Close();
  }
  OverwriteInt32(start + 4, has_null ? 1 : 0);
  OverwriteInt32(start + kHeaderBytes, count);
  return Close();
}

void Params::PutElement(absl::string_view value) {
  PutInt32(static_cast<int32_t>(value.size()));
  buffer_.append(value.data(), value.size());
}

void Params::PutElement(int64_t value) {
  PutInt32(sizeof(value));
  PutInt64(value);
}

void Params::PutElement(int32_t value) {
  PutInt32(sizeof(value));
  PutInt32(value);
}

void Params::PutElement(double value) { PutElement(std::bit_cast<int64_t>(value)); }

void Params::PutElement(bool value) {
  PutInt32(1);
  buffer_.push_back(value ? '\1' : '\0');
}

void Params::PutElement(absl::Time value) { PutElement(ToPostgresMicros(value)); }

void Params::PutElement(absl::CivilDay value) { PutElement(ToPostgresDays(value)); }

void Params::PutElement(const postgres::Uuid& value) {
  PutElement(absl::string_view(reinterpret_cast<const char*>(value.data()), value.size()));
}

Params::Raw Params::raw() const {
  Raw raw;
  raw.values.reserve(size());
  raw.lengths.reserve(size());
  for (size_t i = 0; i < size(); ++i) {
    const bool null = lengths_[i] == kNullLength;
    raw.values.push_back(null ? nullptr : buffer_.data() + offsets_[i]);
    raw.lengths.push_back(null ? 0 : lengths_[i]);
  }
  raw.formats.assign(size(), kBinaryFormat);
  return raw;
}

}  // namespace okr::postgres
