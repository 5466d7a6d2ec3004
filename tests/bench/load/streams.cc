#include "tests/bench/load/streams.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/redis/client.h"
#include "common/redis/streams.h"
#include "common/status/macros.h"
#include "tests/bench/load/lags.h"

namespace okr::bench {
namespace {

constexpr char kStream[] = "okr-bench:{stream}";
constexpr absl::Duration kBlock = absl::Milliseconds(100);
constexpr int kAtMost = 500;
constexpr Clock::duration kPatience = std::chrono::seconds(10);

redis::Client ClientOf(const std::string& socket) {
  return redis::Client({.connection = {.unix_socket = socket}});
}

// Reads on a thread of its own until it is stopped.
class Reader {
 public:
  Reader(const std::string& socket, Lags& lags)
      : client_(ClientOf(socket)), lags_(lags), thread_([this] { Read(); }) {}
  ~Reader() {
    stopped_ = true;
    thread_.join();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  void Read() {
    std::string last_id = "0-0";
    while (!stopped_) {
      const auto entries = redis::XRead(client_, {{kStream, last_id}}, kAtMost, kBlock);
      if (!entries.ok()) continue;
      const Instant now = Clock::now();
      for (const redis::StreamEntry& entry : *entries) lags_.Seen(entry.id, now);
      if (!entries->empty()) last_id = entries->back().id;
    }
  }

  redis::Client client_;
  Lags& lags_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

// Takes "so many" as acknowledged at the time of sending.
class Adds : public Workload {
 public:
  Adds(const std::string& socket, int bytes, Lags& lags)
      : client_(ClientOf(socket)), payload_(static_cast<size_t>(bytes), 'x'), lags_(lags) {}

  void Send(Done done) override {
    const std::string id = absl::StrCat("1-", ++last_);
    const Instant sent = Clock::now();
    const auto reply = client_.Command({"XADD", kStream, id, "e", payload_});
    if (reply.ok()) lags_.Acknowledged(id, sent);
    done(reply.status());
  }

 private:
  redis::Client client_;
  const std::string payload_;
  Lags& lags_;
  int64_t last_ = 0;
};

}  // namespace

absl::StatusOr<Measurement> MeasureStream(const std::string& redis_socket, int bytes,
                                          double entries_a_second, const Timing& timing) {
  redis::Client client = ClientOf(redis_socket);
  OKR_RETURN_IF_ERROR(client.Command({"DEL", kStream}).status());
  Lags lags;
  Measurement measurement;
  {
    Reader reader(redis_socket, lags);
    Adds adds(redis_socket, bytes, lags);
    const Measurement sent = RunOpenLoop(adds, entries_a_second, timing);
    lags.AwaitAll(Clock::now() + kPatience);
    measurement = lags.Measure(sent.window);
    measurement.failures += sent.failures;
    if (measurement.first_error.empty()) measurement.first_error = sent.first_error;
  }
  OKR_RETURN_IF_ERROR(client.Command({"DEL", kStream}).status());
  return measurement;
}

}  // namespace okr::bench
