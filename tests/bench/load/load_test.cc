#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tests/bench/load/dataset.h"
#include "tests/bench/load/drive.h"
#include "tests/bench/load/lags.h"
#include "tests/bench/load/latencies.h"

namespace okr::bench {
namespace {

using std::chrono::milliseconds;

constexpr Timing kShort = {.warm_up = milliseconds(20), .measured = milliseconds(100)};

// Answers each call on a thread of its own after some time.
class Answers : public Workload {
 public:
  explicit Answers(Clock::duration delay, absl::Status status = absl::OkStatus())
      : delay_(delay), status_(std::move(status)) {}
  ~Answers() override {
    for (std::thread& thread : threads_) thread.join();
  }

  void Send(Done done) override {
    const std::lock_guard lock(mutex_);
    most_ = std::max(most_, ++open_);
    threads_.emplace_back([this, done = std::move(done)] {
      std::this_thread::sleep_for(delay_);  // What is measured.
      {
        const std::lock_guard lock(mutex_);
        --open_;
      }
      done(status_);
    });
  }

  int most() const { return most_; }

 private:
  const Clock::duration delay_;
  const absl::Status status_;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  int open_ = 0;
  int most_ = 0;
};

// Takes its time before it sends, and is answered at once.
class SlowSender : public Workload {
 public:
  void Send(Done done) override {
    std::this_thread::sleep_for(milliseconds(20));
    done(absl::OkStatus());
  }
};

TEST(Latencies, GivesTheLeastThatCoversTheShare) {
  Latencies latencies;
  for (int i = 100; i >= 1; --i) latencies.Add(std::chrono::microseconds(i));
  EXPECT_EQ(latencies.Quantile(0.5), 50);
  EXPECT_EQ(latencies.Quantile(0.99), 99);
  EXPECT_EQ(latencies.Quantile(1), 100);
  EXPECT_EQ(latencies.Quantile(0), 1);
}

TEST(Latencies, OfNothingAreZero) {
  Latencies latencies;
  EXPECT_EQ(latencies.Quantile(0.99), 0);
}

TEST(ClosedLoop, KeepsSoManyCallsInFlight) {
  Answers workload(milliseconds(5));
  Measurement measurement = RunClosedLoop(workload, 3, kShort);
  EXPECT_EQ(workload.most(), 3);
  EXPECT_GT(measurement.latencies.size(), 0U);
  EXPECT_GE(measurement.latencies.Quantile(0), 5000);
}

TEST(ClosedLoop, CountsFailuresApart) {
  Answers workload(milliseconds(5), absl::InternalError("broken"));
  const Measurement measurement = RunClosedLoop(workload, 1, kShort);
  EXPECT_EQ(measurement.latencies.size(), 0U);
  EXPECT_GT(measurement.failures, 0);
  EXPECT_NE(measurement.first_error.find("broken"), std::string::npos);
}

TEST(OpenLoop, SendsWhatIsDueInTheWindow) {
  Answers workload(milliseconds(1));
  const Measurement measurement = RunOpenLoop(workload, 200, kShort);
  EXPECT_EQ(measurement.latencies.size(), 20U);
}

TEST(OpenLoop, CountsFromWhenACallWasDue) {
  SlowSender workload;
  // One is due each 10 ms and takes 20: the last of 12 is at least 100 ms late.
  Measurement measurement = RunOpenLoop(workload, 100, kShort);
  EXPECT_EQ(measurement.latencies.size(), 10U);
  EXPECT_GE(measurement.latencies.Quantile(1), 100'000);
}

TEST(Lags, RunFromAcknowledgementToSight) {
  Lags lags;
  const Instant start;
  lags.Acknowledged("a", start + milliseconds(10));
  lags.Seen("a", start + milliseconds(14));
  lags.Seen("early", start + milliseconds(10));
  lags.Acknowledged("early", start + milliseconds(12));
  lags.Acknowledged("outside", start + milliseconds(200));
  Measurement measurement = lags.Measure({.begin = start, .end = start + milliseconds(100)});
  ASSERT_EQ(measurement.latencies.size(), 2U);
  EXPECT_EQ(measurement.latencies.Quantile(0), 0);
  EXPECT_EQ(measurement.latencies.Quantile(1), 4000);
  EXPECT_EQ(measurement.failures, 0);
}

TEST(Lags, WhatIsNeverSeenIsAFailure) {
  Lags lags;
  const Instant start = Clock::now();
  lags.Acknowledged("lost", start);
  lags.AwaitAll(start);
  const Measurement measurement = lags.Measure({.begin = start, .end = start + milliseconds(1)});
  EXPECT_EQ(measurement.latencies.size(), 0U);
  EXPECT_EQ(measurement.failures, 1);
  EXPECT_EQ(measurement.first_error, "lost was never seen");
}

TEST(Dataset, NamesEverythingByNumber) {
  const Dataset one({.prefix = "bench", .organizations = 1, .key_results = 100'000});
  EXPECT_EQ(one.KeyResultName(0, 12'345), "organizations/bench/objectives/o1234/keyResults/k5");
  EXPECT_EQ(one.teams(), 20);
  EXPECT_EQ(one.TeamOf(12'345), 1234 % 20);
  EXPECT_EQ(Dataset::PersonOf(3, 7), 17);
  const Dataset many({.prefix = "many", .organizations = 50, .key_results = 2'000});
  EXPECT_EQ(many.OrganizationName(49), "organizations/many-50");
  EXPECT_EQ(many.teams(), 1);
}

}  // namespace
}  // namespace okr::bench
