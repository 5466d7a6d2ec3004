#include "common/ids/shard.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"

namespace okr {
namespace {

// SHA-256("abc") begins with ba7816bf.
TEST(ShardOf, TakesTheFirstFourBytesBigEndian) {
  EXPECT_EQ(ShardOf("abc", 8), 0xba7816bfU % 8);
  EXPECT_EQ(ShardOf("abc", 1000), 0xba7816bfU % 1000);
}

TEST(ShardOf, IsZeroWithOneShard) { EXPECT_EQ(ShardOf("acme", 1), 0U); }

TEST(ShardOf, UsesEveryShard) {
  std::set<uint32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(ShardOf(absl::StrCat("org-", i), 8));
  EXPECT_EQ(seen.size(), 8U);
}

}  // namespace
}  // namespace okr
