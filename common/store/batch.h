// One transaction that carries out the commands of one organization that were waiting together.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/clock/clock.h"
#include "common/ids/uuid.h"
#include "common/metrics/values.h"
#include "common/postgres/connection.h"
#include "common/store/command.h"
#include "common/store/foresight.h"
#include "common/store/working_set.h"
#include "common/trace/tracer.h"

namespace okr::store {

struct BatchOptions {
  int shards = 8;
  // For the whole batch, with its repetitions; not a member's deadline.
  absl::Duration budget = absl::Seconds(10);
  int max_attempts = 8;
};

// What a batch needs beside its commands; all must outlive it.
struct BatchDeps {
  const Clock& clock;
  UuidGenerator& ids;
  // Called after each commit that wrote events.
  std::function<void(const LogPosition&)> committed;
  Foresight* foresight = nullptr;       // Without one, commands ask for their rows in more rounds.
  metrics::Counter* repeats = nullptr;  // Counts attempts beyond the first.
  const trace::Tracer* tracer = nullptr;
};

// Runs commands, all of one organization, and calls `done` of each:
// - a command that is refused fails alone, and leaves nothing;
// - commands with the same request id and digest are merged; another digest is refused with
// REQUEST_ID_REUSED; one that
//   was carried out before gets the stored response;
// - each command sees what those before it in the batch made; one row is written once, but each
// event;
// - collisions are repeated; a batch that PostgreSQL refuses is split until the poisonous command
// fails alone;
// - a commit whose outcome is unknown is repeated under the same request ids, so nothing happens
// twice.
class Batch {
 public:
  Batch(postgres::Connection& connection, const BatchOptions& options, const BatchDeps& deps);

  void Run(std::vector<std::unique_ptr<Command>> commands);

 private:
  struct Member;
  class Attempt;

  // Carries out a part of the batch; splits it where PostgreSQL refuses it.
  void RunMembers(absl::Span<Member*> members, absl::Time deadline);
  absl::Status RunWithRetries(absl::Span<Member*> members, absl::Time deadline);
  void Trace(absl::Span<Member*> members, absl::Time start, const absl::Status& status) const;
  static void Finish(absl::Span<Member*> members, const std::optional<LogPosition>& position);

  postgres::Connection& connection_;
  const BatchOptions& options_;
  const BatchDeps& deps_;
};

}  // namespace okr::store
