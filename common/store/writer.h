// Carries out write commands in batches, on a few threads with a connection each.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/clock/clock.h"
#include "common/ids/uuid.h"
#include "common/postgres/connection.h"
#include "common/store/batch.h"
#include "common/store/batch_numbers.h"
#include "common/store/command.h"
#include "common/store/org_queue.h"

namespace okr::store {

// Thread-safe.
class Writer {
 public:
  struct Options {
    postgres::Options database;
    int threads = 4;
    size_t max_batch = 128;
    size_t max_waiting = 20'000;
    BatchOptions batch;
  };

  // `deps` must outlive the writer.
  Writer(Options options, const BatchDeps& deps);
  // Carries out what waits, then stops.
  ~Writer();

  // Never blocks. `done` of the command is called in any case, on this thread if the command cannot
  // wait.
  void Submit(std::unique_ptr<Command> command);

  // Takes no more commands (they are refused with SHUTTING_DOWN) and waits until those that wait
  // are done.
  void Stop();

  const BatchNumbers& numbers() const { return numbers_; }
  size_t waiting() const { return queue_.waiting(); }

 private:
  void Work();

  const Options options_;
  Foresight foresight_;
  BatchNumbers numbers_;
  const BatchDeps deps_;
  OrgQueue<std::unique_ptr<Command>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace okr::store
