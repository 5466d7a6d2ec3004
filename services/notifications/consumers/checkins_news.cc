#include "services/notifications/consumers/checkins_news.h"

#include <string>

#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/notifications/domain/recipients.h"
#include "services/notifications/domain/texts.h"

namespace okr::notifications {
namespace {

namespace events = ::okr::events::v1;

absl::StatusOr<absl::TimeZone> FindZone(Telling& telling) {
  OKR_ASSIGN_OR_RETURN(const auto organization,
                       telling.view().Find(projection::Organizations(), ""));
  return organization ? ZoneOf(*organization) : absl::UTCTimeZone();
}

// The day that ends with `end`: due times are the first moment of the next one.
absl::CivilDay DayBefore(const google::protobuf::Timestamp& end, const absl::TimeZone& zone) {
  return absl::ToCivilDay(FromTimestamp(end) - absl::Seconds(1), zone);
}

absl::Status TellOfDue(Telling& telling, Kind kind) {
  OKR_ASSIGN_OR_RETURN(const auto payload, telling.Read<events::CheckInDueEvent>());
  OKR_ASSIGN_OR_RETURN(const KeyResultName name, KeyResultName::Parse(payload.key_result()));
  telling.view().Want(projection::Organizations(), "");
  OKR_ASSIGN_OR_RETURN(const auto known, telling.FindKeyResult(name));
  if (!known) return absl::OkStatus();
  const auto& [key_result, objective] = *known;
  OKR_ASSIGN_OR_RETURN(const absl::TimeZone zone, FindZone(telling));
  const absl::CivilDay last_day = DayBefore(payload.due_time(), zone);
  const Text text = kind == Kind::kCheckInDue
                        ? CheckInDue(key_result->title, objective->title, last_day,
                                     DayBefore(payload.overdue_time(), zone))
                        : CheckInOverdue(key_result->title, objective->title, last_day);
  OKR_ASSIGN_OR_RETURN(const auto audience,
                       telling.Audience(OwnerOf(*key_result, *objective), *objective));
  News news{.kind = kind, .subject = name.ToString()};
  for (const PersonName& person : audience) news.texts.emplace(person, text);
  return telling.Tell(news);
}

// Who is asked for help and owns it too, is told that help is asked for.
absl::Status AddAsked(Telling& telling, const std::string& help_from, const KnownKeyResult& known,
                      News& news) {
  if (help_from.empty()) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const Owner asked, Owner::Parse(help_from, "help_from"));
  const Text text = HelpAsked(known.key_result->title, known.objective->title,
                              asked.person() != nullptr ? Asked::kPerson : Asked::kTeam);
  OKR_ASSIGN_OR_RETURN(const auto audience, telling.Audience(asked, *known.objective));
  for (const PersonName& person : audience) news.texts.emplace(person, text);
  return absl::OkStatus();
}

absl::Status AddOwners(Telling& telling, const Owner& owner, const KnownKeyResult& known,
                       int blockers, News& news) {
  OKR_ASSIGN_OR_RETURN(const auto audience, telling.Audience(owner, *known.objective));
  for (const PersonName& person : audience) {
    news.texts.emplace(person,
                       BlockerRaised(known.key_result->title, known.objective->title, blockers));
  }
  return absl::OkStatus();
}

absl::Status TellOfBlockers(Telling& telling) {
  OKR_ASSIGN_OR_RETURN(const auto payload, telling.Read<events::CheckInEvent>());
  const auto& check_in = payload.check_in();
  if (check_in.blockers().empty()) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const CheckInName name, CheckInName::Parse(check_in.name()));
  if (auto author = PersonName::Parse(check_in.author()); author.ok()) {
    telling.set_actor(*std::move(author));
  }
  OKR_ASSIGN_OR_RETURN(const auto known, telling.FindKeyResult(name.key_result()));
  if (!known) return absl::OkStatus();
  News news{.kind = Kind::kBlockerRaised, .subject = name.ToString()};
  for (const auto& blocker : check_in.blockers()) {
    OKR_RETURN_IF_ERROR(AddAsked(telling, blocker.help_from(), *known, news));
  }
  OKR_RETURN_IF_ERROR(AddOwners(telling, OwnerOf(*known->key_result, *known->objective), *known,
                                check_in.blockers_size(), news));
  OKR_RETURN_IF_ERROR(
      AddOwners(telling, known->objective->owner, *known, check_in.blockers_size(), news));
  return telling.Tell(news);
}

}  // namespace

absl::Status TellOfCheckIns(Telling& telling) {
  const std::string& type = telling.event().type();
  if (type == "okr.checkins.v1.CheckInDue") return TellOfDue(telling, Kind::kCheckInDue);
  if (type == "okr.checkins.v1.CheckInOverdue") return TellOfDue(telling, Kind::kCheckInOverdue);
  if (type == "okr.checkins.v1.CheckInCreated") return TellOfBlockers(telling);
  return absl::OkStatus();
}

}  // namespace okr::notifications
