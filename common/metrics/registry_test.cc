#include "common/metrics/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "common/metrics/process_metrics.h"

namespace okr::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Registry, ShowsCounters) {
  Counter yes;
  Counter no;
  Registry registry;
  registry.Show({"okr_calls_total", "Calls that came"}, {{"kind", "yes"}}, yes);
  registry.Show({"okr_calls_total", "Calls that came"}, {{"kind", "no"}}, no);
  yes.Add();
  yes.Add(2);
  EXPECT_EQ(registry.Text(),
            "# HELP okr_calls_total Calls that came\n"
            "# TYPE okr_calls_total counter\n"
            "okr_calls_total{kind=\"yes\"} 3\n"
            "okr_calls_total{kind=\"no\"} 0\n");
}

TEST(Registry, ShowsGauges) {
  Gauge open;
  Registry registry;
  registry.Show({"okr_open", "Open ones"}, {}, open);
  open.Add(5);
  open.Add(-7);
  EXPECT_EQ(registry.Text(), "# HELP okr_open Open ones\n# TYPE okr_open gauge\nokr_open -2\n");
}

TEST(Registry, ShowsHistograms) {
  constexpr std::array kBounds = {0.0025, 1.0};
  Histogram seconds(kBounds);
  Registry registry;
  registry.Show({"okr_seconds", "How long"}, {{"kind", "x"}}, seconds);
  seconds.Observe(0.0025);
  seconds.Observe(absl::Milliseconds(250), 2);
  seconds.Observe(absl::Seconds(2));
  seconds.Observe(absl::Seconds(-1));
  EXPECT_EQ(registry.Text(),
            "# HELP okr_seconds How long\n"
            "# TYPE okr_seconds histogram\n"
            "okr_seconds_count{kind=\"x\"} 5\n"
            "okr_seconds_sum{kind=\"x\"} 2.5025\n"
            "okr_seconds_bucket{kind=\"x\",le=\"0.0025\"} 2\n"
            "okr_seconds_bucket{kind=\"x\",le=\"1\"} 4\n"
            "okr_seconds_bucket{kind=\"x\",le=\"+Inf\"} 5\n");
}

TEST(Registry, ShowsHistogramsThatAreMadeLater) {
  HistogramMap statements(kStepSeconds);
  Registry registry;
  registry.Show({"okr_statement_seconds", "How long"}, "statement", statements);
  EXPECT_THAT(registry.Text(), Not(HasSubstr("okr_statement_seconds_count")));
  Histogram& one = statements.Of("okr.begin");
  one.Observe(0.5);
  EXPECT_EQ(&statements.Of("okr.begin"), &one);
  EXPECT_THAT(registry.Text(),
              HasSubstr("okr_statement_seconds_count{statement=\"okr.begin\"} 1\n"));
}

TEST(Registry, ReadsStateWhenItIsAsked) {
  double lag = 1;
  Registry registry;
  registry.ShowGauges({"okr_lag", "How far"}, [&lag] {
    return Samples{{{{"shard", "0"}}, lag}, {{{"shard", "1"}}, lag + 1}};
  });
  lag = 7;
  EXPECT_THAT(registry.Text(), HasSubstr("okr_lag{shard=\"0\"} 7\nokr_lag{shard=\"1\"} 8\n"));
}

TEST(Registry, EscapesWhatLabelsHold) {
  Registry registry;
  registry.ShowGauges({"okr_info", "It is"}, [] { return Samples{{{{"text", "a\"b\\c\nd"}}, 1}}; });
  EXPECT_THAT(registry.Text(), HasSubstr("okr_info{text=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(Registry, CountsWhatManyThreadsCount) {
  Counter counter;
  Histogram histogram(kSizes);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        counter.Add();
        histogram.Observe(3.0);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 40'000);
  EXPECT_EQ(histogram.Take().counts.back(), 40'000);
  EXPECT_EQ(histogram.Take().sum, 120'000);
}

TEST(Registry, ShowsTheProcess) {
  Registry registry;
  ShowProcess(registry);
  const std::string text = registry.Text();
  for (const char* name : {"process_resident_memory_bytes", "process_cpu_seconds_total",
                           "process_open_fds", "process_max_fds", "process_start_time_seconds"}) {
    EXPECT_THAT(text, ::testing::ContainsRegex(absl::StrCat("\n", name, " [0-9.]+\n"))) << text;
  }
}

}  // namespace
}  // namespace okr::metrics
