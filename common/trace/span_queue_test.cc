#include "common/trace/span_queue.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace okr::trace {
namespace {

// A collector whose answers the test gives.
class Collector {
 public:
  bool Take(const std::vector<Span>& spans) {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hangs_; });
    if (refuses_) return false;
    for (const Span& span : spans) names_.push_back(span.name);
    changed_.notify_all();
    return true;
  }
  void Set(bool hangs, bool refuses) {
    const std::lock_guard lock(mutex_);
    hangs_ = hangs;
    refuses_ = refuses;
    changed_.notify_all();
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  void AwaitAsked(int times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_ >= times; });
  }
  std::vector<std::string> AwaitNames(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return names_.size() >= count; });
    return names_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hangs_ = false;
  bool refuses_ = false;
  int asked_ = 0;
  std::vector<std::string> names_;
};

class Exporting final : public Exporter {
 public:
  explicit Exporting(Collector& collector) : collector_(collector) {}
  bool Export(const std::vector<Span>& spans) override { return collector_.Take(spans); }

 private:
  Collector& collector_;
};

class SpanQueueTest : public ::testing::Test {
 protected:
  void Begin(const SpanQueue::Options& options) {
    queue_ = std::make_unique<SpanQueue>(std::make_unique<Exporting>(collector_), options);
  }
  void Take(int count) {
    for (int i = 0; i < count; ++i) queue_->Take({.name = absl::StrCat("s", taken_++)});
  }

  int taken_ = 0;
  Collector collector_;
  std::unique_ptr<SpanQueue> queue_;
};

TEST_F(SpanQueueTest, ExportsInOrderABatchAtOnceAndTheRestAfterTheInterval) {
  Begin({.batch = 2, .interval = absl::Milliseconds(20)});
  Take(5);
  EXPECT_EQ(collector_.AwaitNames(5), (std::vector<std::string>{"s0", "s1", "s2", "s3", "s4"}));
  EXPECT_EQ(queue_->dropped(), 0);
}

TEST_F(SpanQueueTest, ExportsWhatIsLeftWhenItStops) {
  Begin({.batch = 100, .interval = absl::Hours(1)});
  Take(3);
  queue_->Stop();
  EXPECT_EQ(collector_.AwaitNames(3).size(), 3);
  Take(1);
  EXPECT_EQ(queue_->dropped(), 1) << "after the end nothing is taken";
}

TEST_F(SpanQueueTest, ACollectorThatHangsHoldsNobodyUpAndCostsWhatDoesNotFit) {
  collector_.Set(/*hangs=*/true, /*refuses=*/false);
  Begin({.capacity = 4, .batch = 2, .interval = absl::Hours(1)});
  Take(2);
  collector_.AwaitAsked(1);
  Take(7);
  EXPECT_EQ(queue_->dropped(), 3);
  collector_.Set(false, false);
  queue_->Stop();
  EXPECT_EQ(collector_.AwaitNames(6).size(), 6);
}

TEST_F(SpanQueueTest, CountsWhatTheCollectorRefuses) {
  collector_.Set(/*hangs=*/false, /*refuses=*/true);
  Begin({.batch = 2, .interval = absl::Hours(1)});
  Take(2);
  collector_.AwaitAsked(1);
  queue_->Stop();
  EXPECT_EQ(queue_->dropped(), 2);
}

TEST_F(SpanQueueTest, TheEndIsBoundedByItsBudgetAndOneExport) {
  collector_.Set(/*hangs=*/true, /*refuses=*/false);
  Begin({.batch = 1, .interval = absl::Hours(1), .flush_budget = absl::ZeroDuration()});
  Take(5);
  collector_.AwaitAsked(1);
  std::thread stopping([this] { queue_->Stop(); });
  while (!queue_->stopped()) std::this_thread::yield();
  // The export under way ends well, and no other begins.
  collector_.Set(false, false);
  stopping.join();
  EXPECT_EQ(queue_->dropped(), 4);
}

TEST_F(SpanQueueTest, AtTheEndNothingIsTriedAfterAFailure) {
  collector_.Set(/*hangs=*/true, /*refuses=*/true);
  Begin({.batch = 1, .interval = absl::Hours(1), .flush_budget = absl::Hours(1)});
  Take(5);
  collector_.AwaitAsked(1);
  std::thread stopping([this] { queue_->Stop(); });
  while (!queue_->stopped()) std::this_thread::yield();
  collector_.Set(false, true);
  stopping.join();
  EXPECT_EQ(queue_->dropped(), 5);
  EXPECT_EQ(collector_.asked(), 1);
}

}  // namespace
}  // namespace okr::trace
