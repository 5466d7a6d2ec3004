// Reads rows by name, many requests with one statement.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/postgres/connection.h"
#include "common/postgres/statement.h"
#include "common/store/batch_numbers.h"
#include "common/store/org_queue.h"

namespace okr::store {

// What a statement gave for one name: its columns after the first. NULL is nullopt.
using ReadRow = std::vector<std::optional<std::string>>;

struct Read {
  std::string organization;  // Its id.
  // $1 organization, $2 names; gives the name, then columns of text or bytea. Must be one of few
  // constants.
  postgres::Statement statement;
  std::string name;
  absl::Time deadline = absl::InfiniteFuture();
  absl::Time submitted;  // Set by the reader.
  // Called exactly once, on a thread of the reader or the caller's; must not block. Nothing if
  // there is no such row.
  std::function<void(absl::StatusOr<std::optional<ReadRow>>)> done;
};

// Thread-safe.
class Reader {
 public:
  struct Options {
    postgres::Options database;
    int threads = 2;
    size_t max_batch = 128;
    size_t max_waiting = 20'000;
  };

  explicit Reader(Options options, const Clock& clock = SystemClock::Get());
  ~Reader();

  // Never blocks.
  void Submit(Read read);
  // As Writer::Stop.
  void Stop();

  const BatchNumbers& numbers() const { return numbers_; }
  size_t waiting() const { return queue_.waiting(); }

 private:
  void Work();

  const Options options_;
  const Clock& clock_;
  BatchNumbers numbers_;
  OrgQueue<std::unique_ptr<Read>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace okr::store
