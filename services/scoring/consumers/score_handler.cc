#include "services/scoring/consumers/score_handler.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/events/position.h"
#include "common/status/macros.h"

namespace okr::scoring {
namespace {

namespace v1 = ::okr::events::v1;

// What all events have in common, empty where they differ.
std::string Shared(const EventList& events, const std::string& (v1::Event::*get)() const) {
  const std::string& first = (events.front()->*get)();
  const bool same = std::all_of(events.begin(), events.end(),
                                [&](const v1::Event* event) { return (event->*get)() == first; });
  return same ? first : std::string();
}

}  // namespace

absl::Status ScoreHandler::Apply(postgres::Transaction& transaction,
                                 absl::Span<const v1::Event> events) {
  written_.reset();
  std::map<std::string, EventList> by_organization;
  for (const v1::Event& event : events) {
    const absl::string_view id = events::OrganizationIdOf(event.organization());
    if (id.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("event ", event.id(), " names no organization"));
    }
    by_organization[std::string(id)].push_back(&event);
  }
  const absl::Time now = deps_.clock.Now();
  std::map<std::string, ScoreWork> work_of;
  for (const auto& [organization, of_organization] : by_organization) {
    OKR_ASSIGN_OR_RETURN(ScoreWork work, make_work_(organization, of_organization, now));
    work.actor = Shared(of_organization, &v1::Event::actor);
    work.request_id = Shared(of_organization, &v1::Event::request_id);
    for (const v1::Event* event : of_organization) {
      work.causes.Add(event->subject(), event->traceparent());
    }
    work_of.emplace(organization, std::move(work));
  }
  OKR_ASSIGN_OR_RETURN(written_, ChangeScores(transaction, deps_, now, work_of));
  return absl::OkStatus();
}

void ScoreHandler::OnCommitted(absl::Span<const v1::Event>) {
  if (written_ && deps_.committed) deps_.committed(*written_);
  written_.reset();
  applied_();
}

}  // namespace okr::scoring
