// What checkins does with the events of goals: keeps the projections, has due dates looked at
// anew, and seals the log of a cycle whose grading was opened.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/clock/clock.h"
#include "common/events/handler.h"
#include "common/ids/uuid.h"
#include "common/postgres/transaction.h"
#include "common/store/log_writer.h"

namespace okr::checkins {

// Barrier and seal: the projection of the cycle shows GRADING from the transaction on that appends
// CycleSealed. Check-ins hold a share lock of that projection while they are written, so each of
// them is committed before, and stands before the seal in the log, or sees GRADING and is refused.
//
// Locks as write batches do: due states, then projections, then the log's head, last of all and for
// all organizations together.
class GoalsHandler final : public events::Handler {
 public:
  struct Options {
    int shards = 8;
    const Clock& clock;
    UuidGenerator& ids;
    // Called after a transaction; quick. The log may have grown, due dates may have changed.
    std::function<void()> applied;
  };

  explicit GoalsHandler(Options options) : options_(std::move(options)) {}

  absl::Status Apply(postgres::Transaction& transaction,
                     absl::Span<const okr::events::v1::Event> events) override;
  void OnCommitted(absl::Span<const okr::events::v1::Event> events) override;

 private:
  using Entries = std::map<std::string, std::vector<store::LogEntry>>;  // By organization id.

  absl::Status ApplyOf(postgres::Transaction& transaction, absl::string_view organization_id,
                       absl::Span<const okr::events::v1::Event> events, Entries& entries);
  absl::Status Seal(postgres::Transaction& transaction, absl::string_view organization_id,
                    const okr::events::v1::Event& event, Entries& entries);

  const Options options_;
};

}  // namespace okr::checkins
