#include "common/ids/uuid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace okr {
namespace {

RandomSource Filled(uint8_t value) {
  return [value](absl::Span<uint8_t> out) { std::fill(out.begin(), out.end(), value); };
}

TEST(UuidGenerator, HasVersionVariantAndTime) {
  const FakeClock clock(absl::FromUnixMillis(0x0123456789ab));
  UuidGenerator generator(clock, Filled(0));
  const Uuid uuid = generator.Next();
  EXPECT_EQ(uuid.ToString(), "01234567-89ab-7000-8000-000000000000");
  EXPECT_EQ(uuid.version(), 7);
  EXPECT_EQ(uuid.time(), clock.Now());
}

TEST(UuidGenerator, GrowsWithinOneMillisecond) {
  const FakeClock clock;
  UuidGenerator generator(clock);
  Uuid before = generator.Next();
  for (int i = 0; i < 10000; ++i) {
    const Uuid next = generator.Next();
    ASSERT_LT(before, next);
    before = next;
  }
}

TEST(UuidGenerator, GrowsAcrossTheCarryOfItsRandomBits) {
  const FakeClock clock;
  UuidGenerator generator(clock, Filled(0xff));
  const Uuid first = generator.Next();
  const Uuid second = generator.Next();
  EXPECT_LT(first, second);
  EXPECT_EQ(second.version(), 7);
  EXPECT_EQ(second.time(), clock.Now() + absl::Milliseconds(1));
}

TEST(UuidGenerator, GrowsWhenTheClockStepsBack) {
  FakeClock clock;
  UuidGenerator generator(clock);
  const Uuid first = generator.Next();
  clock.Advance(-absl::Hours(1));
  EXPECT_LT(first, generator.Next());
}

TEST(UuidGenerator, NeverRepeatsAcrossThreads) {
  UuidGenerator generator;
  std::vector<std::vector<Uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& ids : made) {
    threads.emplace_back([&generator, &ids] {
      for (int i = 0; i < 2000; ++i) ids.push_back(generator.Next());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& ids : made) {
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    all.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), 8000U);
}

TEST(Uuid, ReadsWhatItWrote) {
  UuidGenerator generator;
  const Uuid uuid = generator.Next();
  EXPECT_EQ(Uuid::Parse(uuid.ToString()).value(), uuid);
  EXPECT_EQ(Uuid::FromBytes(uuid.ToBytes()).value(), uuid);
}

TEST(Uuid, ReadsCapitals) {
  EXPECT_EQ(Uuid::Parse("ABCDEF01-2345-7000-8000-00000000000A").value().ToString(),
            "abcdef01-2345-7000-8000-00000000000a");
}

TEST(Uuid, RefusesOtherText) {
  for (const char* text :
       {"", "x", "01234567-89ab-7000-8000-00000000000", "01234567-89ab-7000-8000-0000000000000",
        "0123456789ab-7000-8000-000000000000-", "01234567-89ab-7000-8000-00000000000g",
        "{1234567-89ab-7000-8000-00000000000}"}) {
    EXPECT_FALSE(Uuid::Parse(text).ok()) << text;
  }
  EXPECT_FALSE(Uuid::FromBytes("short").ok());
}

}  // namespace
}  // namespace okr
