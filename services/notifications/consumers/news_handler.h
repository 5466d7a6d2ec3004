// Follows a service whose events speak of what goals owns.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/events/handler.h"
#include "services/notifications/consumers/teller.h"

namespace okr::notifications {

// Waits until the log of goals was taken as far as it reached when this was called: that of the
// organization's shard. Blocks.
using CatchUp = std::function<absl::Status(absl::string_view organization_id)>;

// What an event speaks of is on another stream, and so is who may be told of it: somebody left, or
// an objective became private. So before it tells, it catches up with goals. What is not there then
// does not exist.
class NewsHandler final : public events::Handler {
 public:
  NewsHandler(TellerDeps deps, CatchUp catch_up, Tell tell)
      : teller_(std::move(deps)), catch_up_(std::move(catch_up)), tell_(std::move(tell)) {}

  absl::Status Prepare(Events events) override;
  absl::Status Apply(postgres::Transaction& transaction, Events events) override;
  void OnCommitted(Events events) override { teller_.OnCommitted(); }

 private:
  Teller teller_;
  const CatchUp catch_up_;
  const Tell tell_;
};

}  // namespace okr::notifications
