#include "common/postgres/params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okr::postgres {
namespace {

std::string Bytes(const Params& params, size_t index) {
  const Params::Raw raw = params.raw();
  return {raw.values[index], static_cast<size_t>(raw.lengths[index])};
}

std::string FromHex(absl::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

TEST(Params, WritesNumbersInNetworkOrder) {
  const Params params = std::move(Params().Int64(258).Int32(-2).Double(1.0).Bool(true));
  EXPECT_EQ(Bytes(params, 0), FromHex("0000000000000102"));
  EXPECT_EQ(Bytes(params, 1), FromHex("fffffffe"));
  EXPECT_EQ(Bytes(params, 2), FromHex("3ff0000000000000"));
  EXPECT_EQ(Bytes(params, 3), FromHex("01"));
}

TEST(Params, WritesAnArrayWithItsElementTypeAndNulls) {
  const std::vector<std::optional<std::string>> values = {"ab", std::nullopt};
  Params params;
  params.TextArray(values);
  EXPECT_EQ(params.oids(), std::vector<Oid>{kOidTextArray});
  EXPECT_EQ(Bytes(params, 0), FromHex("00000001"
                                      "00000001"
                                      "00000019"
                                      "00000002"
                                      "00000001"
                                      "00000002"
                                      "6162"
                                      "ffffffff"));
}

TEST(Params, WritesAnEmptyArrayWithoutDimensions) {
  Params params;
  params.Int64Array(std::vector<int64_t>());
  EXPECT_EQ(Bytes(params, 0), FromHex("00000000"
                                      "00000000"
                                      "00000014"));
}

TEST(Params, KeepsAnEmptyTextApartFromNull) {
  Params params;
  params.Text("").Null();
  EXPECT_NE(params.raw().values[0], nullptr);
  EXPECT_EQ(params.raw().values[1], nullptr);
}

TEST(Params, TakesStringViewsOfAnyRange) {
  const std::set<std::string> names = {"a", "b"};
  const std::vector<absl::string_view> views = {"c"};
  Params params;
  params.TextArray(names).TextArray(views).TextArray(std::span<const std::string>());
  EXPECT_EQ(params.size(), 3);
}

TEST(PostgresTime, CountsFromTheYear2000) {
  EXPECT_EQ(ToPostgresMicros(absl::FromUnixSeconds(946684800)), 0);
  EXPECT_EQ(ToPostgresDays(absl::CivilDay(2000, 1, 2)), 1);
  EXPECT_EQ(FromPostgresDays(-1), absl::CivilDay(1999, 12, 31));
}

TEST(PostgresTime, RoundTrips) {
  for (const absl::Time time : {absl::FromUnixMicros(1760000000123456), absl::FromUnixMicros(-1),
                                absl::InfiniteFuture(), absl::InfinitePast()}) {
    EXPECT_EQ(FromPostgresMicros(ToPostgresMicros(time)), time);
  }
}

TEST(PostgresTime, IsCutToMicroseconds) {
  EXPECT_EQ(ToPostgresMicros(absl::FromUnixSeconds(946684800) + absl::Nanoseconds(1999)), 1);
}

}  // namespace
}  // namespace okr::postgres
