// Follows goals: keeps the projection of what goals and its directory own, and tells of it.
#pragma once

#include "absl/status/status.h"
#include "common/events/handler.h"
#include "services/notifications/consumers/goals_news.h"
#include "services/notifications/consumers/teller.h"

namespace okr::notifications {

// What its events speak of came before them in the same log, so there is nothing to wait for.
class GoalsHandler final : public events::Handler {
 public:
  explicit GoalsHandler(TellerDeps deps) : teller_(std::move(deps)) {}

  absl::Status Apply(postgres::Transaction& transaction, Events events) override;
  void OnCommitted(Events events) override { teller_.OnCommitted(); }

 private:
  absl::Status ApplyRun(postgres::Transaction& transaction, absl::string_view organization_id,
                        Events run);

  Teller teller_;
};

}  // namespace okr::notifications
