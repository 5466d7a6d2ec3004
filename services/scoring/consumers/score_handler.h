// Applies the events of another service to the scores, a run of them in one transaction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/handler.h"
#include "okr/events/v1/event.pb.h"
#include "services/scoring/consumers/score_transaction.h"

namespace okr::scoring {

// Events of one organization, in order.
using EventList = std::vector<const okr::events::v1::Event*>;

// What the events mean. INVALID_ARGUMENT if a payload cannot be read.
using MakeWork = std::function<absl::StatusOr<ScoreWork>(const std::string& organization,
                                                         const EventList& events, absl::Time now)>;

class ScoreHandler final : public events::Handler {
 public:
  // `applied` is called after each commit; must not block.
  ScoreHandler(
      const ScoreDeps& deps, MakeWork make_work, std::function<void()> applied = [] {})
      : deps_(deps), make_work_(std::move(make_work)), applied_(std::move(applied)) {}

  absl::Status Apply(postgres::Transaction& transaction,
                     absl::Span<const okr::events::v1::Event> events) override;
  void OnCommitted(absl::Span<const okr::events::v1::Event> events) override;

 private:
  const ScoreDeps deps_;
  const MakeWork make_work_;
  const std::function<void()> applied_;
  std::optional<store::LogPosition> written_;
};

}  // namespace okr::scoring
