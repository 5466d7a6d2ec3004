#include "services/notifications/consumers/teller.h"

#include <set>
#include <utility>

#include "absl/strings/str_join.h"
#include "common/events/event_spans.h"
#include "common/log/logger.h"
#include "common/status/macros.h"
#include "common/store/working_set.h"

namespace okr::notifications {
namespace {

struct Outcome {
  std::vector<size_t>
      causes;  // For each event that was emitted, the index of the one it is due to.
  // For each event.
  std::vector<std::string> actors;
  std::vector<std::set<std::string>> unknown;
  std::vector<Kind> created;
};

// One round of a decision over all events: so the rows that they need are loaded together.
absl::Status TellOfEach(store::View& view, Events events, absl::Time now, const Tell& tell,
                        Outcome& outcome) {
  outcome = {};
  for (size_t i = 0; i < events.size(); ++i) {
    // Inboxes show the latest first, also of what comes in one transaction.
    Telling telling(view, events[i], now + absl::Microseconds(i));
    absl::Status status = tell(telling);
    if (!status.ok() && !view.misses_rows()) return status;
    outcome.causes.resize(view.events().size(), i);
    outcome.actors.push_back(telling.actor());
    outcome.unknown.push_back(telling.unknown());
    outcome.created.insert(outcome.created.end(), telling.told().begin(), telling.told().end());
  }
  return absl::OkStatus();
}

void LogUnknown(Events events, const Outcome& outcome) {
  for (size_t i = 0; i < events.size(); ++i) {
    if (outcome.unknown[i].empty()) continue;
    log::Warning("an event speaks of what is not known; nobody is told of that",
                 {{"event_id", events[i].id()},
                  {"type", events[i].type()},
                  {"subject", events[i].subject()},
                  {"unknown", absl::StrJoin(outcome.unknown[i], " ")}},
                 okr::events::LogContextOf(events[i]));
  }
}

}  // namespace

void Teller::Begin() {
  now_ = absl::FromUnixMicros(absl::ToUnixMicros(deps_.clock.Now()));
  appends_.clear();
  created_.clear();
  appended_.reset();
}

absl::Status Teller::TellOf(postgres::Transaction& transaction, absl::string_view organization_id,
                            Events events, const Tell& tell) {
  Outcome outcome;
  store::Append append{.organization = std::string(organization_id)};
  OKR_ASSIGN_OR_RETURN(std::vector<store::Event> told,
                       store::Apply(transaction, append.organization, now_, [&](store::View& view) {
                         return TellOfEach(view, events, now_, tell, outcome);
                       }));
  for (size_t i = 0; i < told.size(); ++i) {
    const okr::events::v1::Event& cause = events[outcome.causes[i]];
    const std::string& person = outcome.actors[outcome.causes[i]];
    append.entries.push_back({.event = std::move(told[i]),
                              .actor = person.empty() ? cause.actor() : person,
                              .request_id = cause.request_id(),
                              .traceparent = cause.traceparent()});
  }
  if (!append.entries.empty()) appends_.push_back(std::move(append));
  created_.insert(created_.end(), outcome.created.begin(), outcome.created.end());
  LogUnknown(events, outcome);
  return absl::OkStatus();
}

absl::Status Teller::Append(postgres::Transaction& transaction) {
  OKR_ASSIGN_OR_RETURN(appended_,
                       store::AppendEvents(transaction, deps_.shards, now_, appends_, deps_.ids));
  return absl::OkStatus();
}

void Teller::OnCommitted() {
  if (appended_ && deps_.committed) deps_.committed(appended_->shard, appended_->position);
  appended_.reset();
  if (deps_.created != nullptr) deps_.created->Add(created_);
  created_.clear();
}

absl::StatusOr<bool> Tells(const okr::events::v1::Event& event, const Tell& tell) {
  const store::WorkingSet nothing("");
  store::View blank(nothing, absl::UnixEpoch());
  Telling telling(blank, event, absl::UnixEpoch());
  const absl::Status status = tell(telling);
  if (blank.misses_rows()) return true;
  OKR_RETURN_IF_ERROR(status);
  return false;
}

}  // namespace okr::notifications
