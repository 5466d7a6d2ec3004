// Follows a service whose events speak of what goals owns.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/events/handler.h"
#include "common/store/reads.h"
#include "services/notifications/consumers/teller.h"

namespace okr::notifications {

// Waits until the log of goals was taken as far as it reached when this was called. Blocks.
using CatchUp = std::function<absl::Status(absl::string_view organization_id)>;

// Calls `run` with each run of consecutive events of one organization.
absl::Status ForEachRun(
    Events events,
    const std::function<absl::Status(absl::string_view organization_id, Events run)>& run);

// An event may come before what it speaks of, which is on another stream. So before it tells, it
// looks whether all is there, and catches up with goals if not. What is not there then does not
// exist.
class NewsHandler final : public events::Handler {
 public:
  // `reads` must outlive it.
  NewsHandler(TellerDeps deps, store::Reads& reads, CatchUp catch_up, Tell tell)
      : teller_(std::move(deps)),
        reads_(reads),
        catch_up_(std::move(catch_up)),
        tell_(std::move(tell)) {}

  absl::Status Prepare(Events events) override;
  absl::Status Apply(postgres::Transaction& transaction, Events events) override;
  void OnCommitted(Events events) override { teller_.OnCommitted(); }

 private:
  Teller teller_;
  store::Reads& reads_;
  const CatchUp catch_up_;
  const Tell tell_;
};

}  // namespace okr::notifications
