// Between those who end spans and the one thread that exports them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "common/log/rate_limit.h"
#include "common/trace/exporter.h"
#include "common/trace/tracer.h"

namespace okr::trace {

// Bounded: what comes when it is full, and what the exporter cannot deliver, is dropped and
// counted. Nobody who ends a span waits for the exporter. Thread-safe.
class SpanQueue final : public SpanSink {
 public:
  struct Options {
    size_t capacity = 8192;
    size_t batch = 512;                              // Spans of one export at most.
    absl::Duration interval = absl::Seconds(1);      // How long a span waits for others.
    absl::Duration flush_budget = absl::Seconds(3);  // For what is left at the end.
  };

  SpanQueue(std::unique_ptr<Exporter> exporter, const Options& options);
  ~SpanQueue() override;  // Stops.

  void Take(Span span) override;
  // Exports what is left, until the budget is spent or an export fails, and drops the rest.
  void Stop();

  int64_t dropped() const { return dropped_.load(); }
  bool stopped();  // Whether Stop was called, at least.

 private:
  void Run();
  // Waits for a batch that is worth it. Empty only at the end.
  std::vector<Span> Next();
  void Drop(size_t count);

  const std::unique_ptr<Exporter> exporter_;
  const Options options_;
  std::atomic<int64_t> dropped_{0};
  log::RateLimit log_limit_{absl::Seconds(10)};

  std::mutex mutex_;  // Guards what follows.
  std::condition_variable changed_;
  std::deque<Span> waiting_;
  bool stopped_ = false;
  absl::Time flush_until_ = absl::InfiniteFuture();

  std::thread thread_;
};

}  // namespace okr::trace
