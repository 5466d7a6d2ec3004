#include "common/postgres/canceller.h"

#include <libpq-fe.h>

#include <array>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace okr::postgres {
namespace {

struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};
using Cancel = std::unique_ptr<PGcancel, FreeCancel>;

class Canceller {
 public:
  // Never destroyed: its thread may hang in a request when the process ends.
  static Canceller& Get() {
    static Canceller* const canceller = new Canceller();
    return *canceller;
  }

  void Add(Cancel cancel) {
    constexpr size_t kMostWaiting = 64;
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return;
    waiting_.push_back(std::move(cancel));
    changed_.notify_one();
  }

 private:
  Canceller() {
    std::thread([this] { Run(); }).detach();
  }

  [[noreturn]] void Run() {
    while (true) {
      const Cancel cancel = Next();
      std::array<char, 256> error{};
      PQcancel(cancel.get(), error.data(), static_cast<int>(error.size()));
    }
  }

  Cancel Next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty(); });
    Cancel next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Cancel> waiting_;
};

}  // namespace

void CancelInBackground(pg_conn* connection) {
  Cancel cancel(PQgetCancel(connection));
  if (cancel != nullptr) Canceller::Get().Add(std::move(cancel));
}

}  // namespace okr::postgres
