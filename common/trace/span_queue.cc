#include "common/trace/span_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "common/log/logger.h"

namespace okr::trace {

SpanQueue::SpanQueue(std::unique_ptr<Exporter> exporter, const Options& options)
    : exporter_(std::move(exporter)), options_(options), thread_([this] { Run(); }) {}

SpanQueue::~SpanQueue() { Stop(); }

void SpanQueue::Take(Span span) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && waiting_.size() < options_.capacity) {
      waiting_.push_back(std::move(span));
      if (waiting_.size() == options_.batch) changed_.notify_one();
      return;
    }
  }
  Drop(1);
}

void SpanQueue::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) flush_until_ = absl::Now() + options_.flush_budget;
    stopped_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

bool SpanQueue::stopped() {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void SpanQueue::Run() {
  for (std::vector<Span> spans = Next(); !spans.empty(); spans = Next()) {
    if (exporter_->Export(spans)) continue;
    Drop(spans.size());
    const std::lock_guard lock(mutex_);
    if (stopped_) flush_until_ = absl::InfinitePast();  // Nobody is there to take the rest.
  }
}

std::vector<Span> SpanQueue::Next() {
  std::unique_lock lock(mutex_);
  do {
    changed_.wait_for(lock, absl::ToChronoMilliseconds(options_.interval),
                      [this] { return stopped_ || waiting_.size() >= options_.batch; });
  } while (waiting_.empty() && !stopped_);
  const auto end =
      waiting_.begin() + static_cast<ptrdiff_t>(std::min(options_.batch, waiting_.size()));
  std::vector<Span> next(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  if (absl::Now() <= flush_until_) return next;
  const size_t left = next.size() + std::exchange(waiting_, {}).size();
  lock.unlock();
  Drop(left);
  return {};
}

void SpanQueue::Drop(size_t count) {
  if (count == 0) return;
  dropped_ += static_cast<int64_t>(count);
  if (const auto suppressed = log_limit_.Allow()) {
    log::Warning("spans were dropped",
                 {{"spans", count}, {"in_all", dropped_.load()}, {"suppressed", *suppressed}});
  }
}

}  // namespace okr::trace
