#include "services/notifications/consumers/scoring_news.h"

#include <string>

#include "okr/events/v1/payloads.pb.h"
#include "services/notifications/domain/recipients.h"
#include "services/notifications/domain/status_rule.h"
#include "services/notifications/domain/texts.h"

namespace okr::notifications {
namespace {

namespace events = ::okr::events::v1;
namespace scoring = ::okr::scoring::v1;

Status ToStatus(scoring::Status status) { return static_cast<Status>(status); }

absl::Status TellOwner(Telling& telling, const Owner& owner, const Objective& objective,
                       std::string subject, const Text& text) {
  OKR_ASSIGN_OR_RETURN(const auto audience, telling.Audience(owner, objective));
  News news{.kind = Kind::kStatusChanged, .subject = std::move(subject)};
  for (const PersonName& person : audience) news.texts.emplace(person, text);
  return telling.Tell(news);
}

absl::Status TellOfKeyResult(Telling& telling) {
  OKR_ASSIGN_OR_RETURN(const auto payload, telling.Read<events::KeyResultScoreEvent>());
  const Status before = ToStatus(payload.previous_status());
  const Status after = ToStatus(payload.score().status());
  if (payload.score().state() == scoring::SCORE_STATE_FINAL ||
      !IsWorthTelling(Scored::kKeyResult, before, after)) {
    return absl::OkStatus();
  }
  OKR_ASSIGN_OR_RETURN(const KeyResultName name,
                       KeyResultName::Parse(payload.score().key_result()));
  OKR_ASSIGN_OR_RETURN(const auto known, telling.FindKeyResult(name));
  if (!known) return absl::OkStatus();
  const auto& [key_result, objective] = *known;
  return TellOwner(telling, OwnerOf(*key_result, *objective), *objective, name.ToString(),
                   KeyResultStatusChanged(key_result->title, objective->title, before, after));
}

absl::Status TellOfObjective(Telling& telling) {
  OKR_ASSIGN_OR_RETURN(const auto payload, telling.Read<events::ObjectiveScoreEvent>());
  const Status before = ToStatus(payload.previous_status());
  const Status after = ToStatus(payload.score().status());
  if (payload.score().state() == scoring::SCORE_STATE_FINAL ||
      !IsWorthTelling(Scored::kObjective, before, after)) {
    return absl::OkStatus();
  }
  OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(payload.score().objective()));
  OKR_ASSIGN_OR_RETURN(const Objective* objective, telling.FindObjective(name));
  if (objective == nullptr) return absl::OkStatus();
  return TellOwner(telling, objective->owner, *objective, name.ToString(),
                   ObjectiveStatusChanged(objective->title, before, after));
}

}  // namespace

absl::Status TellOfScores(Telling& telling) {
  const std::string& type = telling.event().type();
  if (type == "okr.scoring.v1.KeyResultStatusChanged") return TellOfKeyResult(telling);
  if (type == "okr.scoring.v1.ObjectiveStatusChanged") return TellOfObjective(telling);
  return absl::OkStatus();
}

}  // namespace okr::notifications
