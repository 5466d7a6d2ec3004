#include "common/auth/token_cache.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace okr::auth {
namespace {

const absl::Time kThen = absl::FromUnixSeconds(1000);

// Digests that all fall into the same part.
Digest Token(uint8_t n) {
  Digest digest;
  digest.bytes[31] = n;
  return digest;
}

TEST(TokenCache, GivesWhatWasPut) {
  TokenCache cache(100);
  EXPECT_FALSE(cache.Get(Token(1), kThen, 0).has_value());
  cache.Put(Token(1), {.subject = "ann"}, kThen + absl::Seconds(1), 0);
  EXPECT_EQ(cache.Get(Token(1), kThen, 0)->subject, "ann");
}

TEST(TokenCache, ForgetsWhatIsOver) {
  TokenCache cache(100);
  cache.Put(Token(1), {}, kThen, 0);
  EXPECT_FALSE(cache.Get(Token(1), kThen, 0).has_value());
  EXPECT_EQ(cache.size(), 0U);
}

TEST(TokenCache, ForgetsWhatOtherKeysMade) {
  TokenCache cache(100);
  cache.Put(Token(1), {}, kThen + absl::Seconds(1), 0);
  EXPECT_FALSE(cache.Get(Token(1), kThen, 1).has_value());
}

TEST(TokenCache, DropsTheLeastRecentlyUsed) {
  TokenCache cache(32);  // Two in each part.
  const absl::Time until = kThen + absl::Seconds(1);
  cache.Put(Token(1), {}, until, 0);
  cache.Put(Token(2), {}, until, 0);
  EXPECT_TRUE(cache.Get(Token(1), kThen, 0).has_value());
  cache.Put(Token(3), {}, until, 0);
  EXPECT_TRUE(cache.Get(Token(1), kThen, 0).has_value());
  EXPECT_FALSE(cache.Get(Token(2), kThen, 0).has_value());
}

TEST(TokenCache, StaysWithinItsCapacity) {
  TokenCache cache(160);
  for (int i = 0; i < 10000; ++i) {
    cache.Put(Sha256(absl::StrCat(i)), {}, kThen + absl::Seconds(1), 0);
  }
  EXPECT_LE(cache.size(), 160U);
}

TEST(TokenCache, ReplacesAnEntry) {
  TokenCache cache(16);
  cache.Put(Token(1), {.subject = "old"}, kThen + absl::Seconds(1), 0);
  cache.Put(Token(1), {.subject = "new"}, kThen + absl::Seconds(1), 0);
  EXPECT_EQ(cache.Get(Token(1), kThen, 0)->subject, "new");
  EXPECT_EQ(cache.size(), 1U);
}

}  // namespace
}  // namespace okr::auth
