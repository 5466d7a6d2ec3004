#include "services/notifications/consumers/news_handler.h"

#include "absl/time/clock.h"
#include "common/events/position.h"
#include "common/status/macros.h"

namespace okr::notifications {
namespace {

constexpr absl::Duration kBudget = absl::Seconds(5);

}  // namespace

absl::Status ForEachRun(
    Events events,
    const std::function<absl::Status(absl::string_view organization_id, Events run)>& run) {
  while (!events.empty()) {
    size_t count = 1;
    while (count < events.size() && events[count].organization() == events.front().organization()) {
      ++count;
    }
    OKR_RETURN_IF_ERROR(
        run(okr::events::OrganizationIdOf(events.front().organization()), events.first(count)));
    events.remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::Status NewsHandler::Prepare(Events events) {
  return ForEachRun(events, [this](absl::string_view organization_id, Events run) -> absl::Status {
    OKR_ASSIGN_OR_RETURN(const std::set<std::string> unknown,
                         FindUnknown(reads_, organization_id, run, absl::Now() + kBudget, tell_));
    return unknown.empty() ? absl::OkStatus() : catch_up_(organization_id);
  });
}

absl::Status NewsHandler::Apply(postgres::Transaction& transaction, Events events) {
  teller_.Begin();
  OKR_RETURN_IF_ERROR(okr::events::ForEachOrganization(
      transaction, events, [&](absl::string_view organization_id, Events run) {
        return teller_.TellOf(transaction, organization_id, run, tell_);
      }));
  return teller_.Append(transaction);
}

}  // namespace okr::notifications
