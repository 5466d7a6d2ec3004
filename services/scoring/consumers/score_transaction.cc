#include "services/scoring/consumers/score_transaction.h"

#include <utility>
#include <vector>

#include "common/postgres/params.h"
#include "common/status/macros.h"
#include "common/store/apply.h"
#include "services/scoring/consumers/statements.h"

namespace okr::scoring {
namespace {

void LockBook(postgres::Transaction& transaction, const std::string& organization) {
  transaction.SwitchOrganization(organization);
  const auto params = postgres::Params().Text(organization);
  transaction.Enqueue(kOpenBook, params);
  transaction.Enqueue(kLockBook, params);
}

absl::StatusOr<store::Append> Change(postgres::Transaction& transaction, absl::Time now,
                                     const std::string& organization, const ScoreWork& work) {
  transaction.SwitchOrganization(organization);
  if (work.prepare) work.prepare(transaction);
  OKR_ASSIGN_OR_RETURN(std::vector<store::Event> events,
                       store::Apply(transaction, organization, now, work.decide));
  store::Append append{.organization = organization};
  for (store::Event& event : events) {
    std::string traceparent = work.causes.TraceparentOf(event.subject);
    append.entries.push_back({.event = std::move(event),
                              .actor = work.actor,
                              .request_id = work.request_id,
                              .traceparent = std::move(traceparent)});
  }
  return append;
}

}  // namespace

absl::StatusOr<std::optional<store::LogPosition>> ChangeScores(
    postgres::Transaction& transaction, const ScoreDeps& deps, absl::Time now,
    const std::map<std::string, ScoreWork>& work_of_organizations) {
  for (const auto& [organization, work] : work_of_organizations) {
    LockBook(transaction, organization);
  }
  std::vector<store::Append> appends;
  for (const auto& [organization, work] : work_of_organizations) {
    OKR_ASSIGN_OR_RETURN(appends.emplace_back(), Change(transaction, now, organization, work));
  }
  return store::AppendEvents(transaction, deps.shards, now, appends, deps.ids);
}

}  // namespace okr::scoring
