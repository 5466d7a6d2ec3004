#include "common/rpc/pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"

namespace okr::rpc {
namespace {

TEST(Pool, RunsTasksOnSeveralThreads) {
  Pool pool({.threads = 3, .queue = 10});
  auto* all_running = new absl::Barrier(3);  // Deleted by the last to leave it.
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pool.TrySubmit([all_running] {
      if (all_running->Block()) delete all_running;  // Ends only if all three run at once.
    }));
  }
  pool.Stop();
}

TEST(Pool, RefusesWhenTheQueueIsFull) {
  Pool pool({.threads = 1, .queue = 2});
  absl::Notification running;
  absl::Notification release;
  ASSERT_TRUE(pool.TrySubmit([&] {
    running.Notify();
    release.WaitForNotification();
  }));
  running.WaitForNotification();
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_FALSE(pool.TrySubmit([] {}));
  release.Notify();
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
