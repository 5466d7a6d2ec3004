// Keeps what scoring last said of each objective and key result, for reads to show beside them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/handler.h"
#include "okr/events/v1/event.pb.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr::goals {

// A row of the table score_summaries.
struct SummaryRow {
  std::string name;  // Relative, of an objective or key result.
  int64_t version = 0;
  v1::ScoreSummary summary;
};

// What an event of scoring says; absent if it is of no score. INVALID_ARGUMENT if it cannot be
// read.
absl::StatusOr<std::optional<SummaryRow>> SummaryOf(const events::v1::Event& event);

// Writes score_summaries, newer versions only, and nothing else: no etag changes, and nothing is
// published. Not thread-safe.
class ScoreSummaries final : public events::Handler {
 public:
  absl::Status Apply(postgres::Transaction& transaction,
                     absl::Span<const events::v1::Event> events) override;
};

}  // namespace okr::goals
