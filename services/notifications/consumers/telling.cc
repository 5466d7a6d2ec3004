#include "services/notifications/consumers/telling.h"

#include "absl/strings/str_cat.h"
#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/notifications/consumers/notification_id.h"
#include "services/notifications/domain/recipients.h"
#include "services/notifications/store/messages.h"
#include "services/notifications/store/tables.h"

namespace okr::notifications {
namespace {

constexpr char kCreated[] = "okr.notifications.v1.NotificationCreated";

std::optional<PersonName> PersonIn(const std::string& actor) {
  auto person = PersonName::Parse(actor);
  if (!person.ok()) return std::nullopt;
  return *std::move(person);
}

}  // namespace

Telling::Telling(store::View& view, const okr::events::v1::Event& event, absl::Time create_time)
    : view_(view), event_(event), create_time_(create_time), actor_(PersonIn(event.actor())) {}

absl::Status Telling::WrongPayload(absl::string_view expected) const {
  return absl::InvalidArgumentError(absl::StrCat("event ", event_.id(), " of type ", event_.type(),
                                                 " does not carry a ", expected,
                                                 " that can be read"));
}

absl::StatusOr<const Objective*> Telling::FindObjective(const ObjectiveName& name) {
  OKR_ASSIGN_OR_RETURN(const Objective* objective, Find(projection::Objectives(), name.relative()));
  return objective != nullptr && IsAlive(*objective) ? objective : nullptr;
}

absl::StatusOr<std::optional<KnownKeyResult>> Telling::FindKeyResult(const KeyResultName& name) {
  view_.Want(projection::KeyResults(), name.relative());
  view_.Want(projection::Objectives(), name.objective().relative());
  OKR_ASSIGN_OR_RETURN(const KeyResult* key_result,
                       Find(projection::KeyResults(), name.relative()));
  OKR_ASSIGN_OR_RETURN(const Objective* objective, FindObjective(name.objective()));
  if (key_result == nullptr || objective == nullptr || !IsAlive(*key_result)) {
    return std::optional<KnownKeyResult>();
  }
  return std::optional(KnownKeyResult{key_result, objective});
}

absl::StatusOr<std::vector<PersonName>> Telling::Audience(const Owner& owner,
                                                          const Objective& objective) {
  const Team* team = nullptr;
  if (owner.team() != nullptr) {
    OKR_ASSIGN_OR_RETURN(team, Find(projection::Teams(), owner.team()->relative()));
  }
  std::vector<PersonName> audience;
  for (PersonName& person : PeopleBehind(owner, team)) {
    if (MaySee(objective, person)) audience.push_back(std::move(person));
  }
  return audience;
}

NotificationName Telling::NameFor(const PersonName& person, Kind kind) const {
  return {person, NotificationId(event_.id(), person, kind).ToString()};
}

absl::Status Telling::Tell(const News& news) {
  for (const auto& [person, text] : news.texts) {
    view_.Want(projection::People(), person.relative());
    view_.Want(Notifications(), NameFor(person, news.kind).relative());
  }
  for (const auto& [name, text] : news.texts) {
    OKR_ASSIGN_OR_RETURN(const Person* person, Find(projection::People(), name.relative()));
    if (person == nullptr || !IsTold(*person, actor_)) continue;
    OKR_ASSIGN_OR_RETURN(const auto told,
                         view_.Find(Notifications(), NameFor(name, news.kind).relative()));
    if (!told) Put(name, news, text);
  }
  return absl::OkStatus();
}

void Telling::Put(const PersonName& person, const News& news, const Text& text) {
  const NotificationName name = NameFor(person, news.kind);
  Notification notification{.name = name,
                            .kind = news.kind,
                            .title = text.title,
                            .body = text.body,
                            .subject = news.subject,
                            .actor = actor(),
                            .event_time = FromTimestamp(event_.time()),
                            .create_time = create_time_};
  okr::events::v1::NotificationEvent payload;
  *payload.mutable_notification() = ToProto(notification);
  const int64_t version = view_.Put(Notifications(), name.relative(), std::move(notification));
  told_.push_back(news.kind);
  view_.Emit(kCreated, name.ToString(), version, payload, /*is_private=*/true);
}

}  // namespace okr::notifications
