#include "common/rpc/pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "common/rpc/event.h"

namespace okr::rpc {
namespace {

TEST(Pool, RunsTasksOnSeveralThreads) {
  Pool pool({.threads = 3, .queue = 10});
  std::atomic<int> running{0};
  Event all_running;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pool.TrySubmit([&] {
      if (++running == 3) all_running.Set();
      all_running.Wait();  // Ends only if all three run at once.
    }));
  }
  pool.Stop();
}

TEST(Pool, RefusesWhenTheQueueIsFull) {
  Pool pool({.threads = 1, .queue = 2});
  Event running;
  Event release;
  ASSERT_TRUE(pool.TrySubmit([&] {
    running.Set();
    release.Wait();
  }));
  running.Wait();
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_FALSE(pool.TrySubmit([] {}));
  release.Set();
}

TEST(Pool, RunsWhatWaitsBeforeItStops) {
  Pool pool({.threads = 1, .queue = 100});
  std::atomic<int> ran{0};
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.TrySubmit([&ran] { ++ran; }));
  pool.Stop();
  EXPECT_EQ(ran, 50);
}

TEST(Pool, RefusesAfterStop) {
  Pool pool({.threads = 1, .queue = 1});
  pool.Stop();
  EXPECT_FALSE(pool.TrySubmit([] {}));
}

}  // namespace
}  // namespace okr::rpc
