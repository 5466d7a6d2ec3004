#include "services/notifications/consumers/news_handler.h"

#include "common/events/position.h"
#include "common/status/macros.h"

namespace okr::notifications {

absl::Status NewsHandler::Prepare(Events events) {
  for (const okr::events::v1::Event& event : events) {
    OKR_ASSIGN_OR_RETURN(const bool tells, Tells(event, tell_));
    // The events are of one shard, so once is enough for all organizations in it.
    if (tells) return catch_up_(okr::events::OrganizationIdOf(event.organization()));
  }
  return absl::OkStatus();
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
