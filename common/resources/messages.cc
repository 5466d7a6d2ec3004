#include "common/resources/messages.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/status/macros.h"

namespace okr {
namespace {

template <typename Message>
void SetTimes(const Times& times, Message& message) {
  *message.mutable_create_time() = ToTimestamp(times.create_time);
  *message.mutable_update_time() = ToTimestamp(times.update_time);
  if constexpr (requires { message.mutable_delete_time(); }) {
    if (times.delete_time) *message.mutable_delete_time() = ToTimestamp(*times.delete_time);
  }
}

template <typename Message>
Times TimesOf(const Message& message) {
  Times times{.create_time = FromTimestamp(message.create_time()),
              .update_time = FromTimestamp(message.update_time())};
  if constexpr (requires { message.has_delete_time(); }) {
    if (message.has_delete_time()) times.delete_time = FromTimestamp(message.delete_time());
  }
  return times;
}

absl::StatusOr<Owner> OptionalOwner(const std::string& name) {
  if (name.empty()) return Owner();
  return Owner::Parse(name);
}

// absl counts Monday as 0, google.type as 1.
google::type::DayOfWeek ToDayOfWeek(absl::Weekday weekday) {
  return static_cast<google::type::DayOfWeek>(static_cast<int>(weekday) + 1);
}

absl::Weekday FromDayOfWeek(google::type::DayOfWeek day) {
  const bool is_day = google::type::DayOfWeek_IsValid(day);
  if (!is_day || day == google::type::DAY_OF_WEEK_UNSPECIFIED) return absl::Weekday::friday;
  return static_cast<absl::Weekday>(static_cast<int>(day) - 1);
}

void SetKind(const Metric& metric, goals::v1::KeyResult& message) {
  goals::v1::Metric& out = *message.mutable_metric();
  if (metric.baseline) out.set_baseline(*metric.baseline);
  if (metric.target) out.set_target(*metric.target);
  if (metric.target_change_percent) out.set_target_change_percent(*metric.target_change_percent);
  out.set_unit(metric.unit);
}

void SetKind(const Maintain& maintain, goals::v1::KeyResult& message) {
  goals::v1::Maintain& out = *message.mutable_maintain();
  if (maintain.lower) out.set_lower(*maintain.lower);
  if (maintain.upper) out.set_upper(*maintain.upper);
  out.set_unit(maintain.unit);
}

void SetKind(const Milestones& milestones, goals::v1::KeyResult& message) {
  goals::v1::Milestones& out = *message.mutable_milestones();
  for (const Milestone& milestone : milestones.milestones) {
    goals::v1::Milestone& added = *out.add_milestones();
    added.set_id(milestone.id);
    added.set_title(milestone.title);
    if (milestone.weight) added.set_weight(*milestone.weight);
  }
}

template <typename Has, typename Value>
std::optional<double> OptionalOf(Has has, Value value) {
  return has ? std::optional<double>(value) : std::nullopt;
}

std::variant<Metric, Maintain, Milestones> KindOf(const goals::v1::KeyResult& message) {
  if (message.has_maintain()) {
    const goals::v1::Maintain& maintain = message.maintain();
    return Maintain{.lower = OptionalOf(maintain.has_lower(), maintain.lower()),
                    .upper = OptionalOf(maintain.has_upper(), maintain.upper()),
                    .unit = maintain.unit()};
  }
  if (message.has_milestones()) {
    Milestones milestones;
    for (const goals::v1::Milestone& milestone : message.milestones().milestones()) {
      milestones.milestones.push_back(
          {.id = milestone.id(),
           .title = milestone.title(),
           .weight = OptionalOf(milestone.has_weight(), milestone.weight())});
    }
    return milestones;
  }
  const goals::v1::Metric& metric = message.metric();
  return Metric{.baseline = OptionalOf(metric.has_baseline(), metric.baseline()),
                .target = OptionalOf(metric.has_target(), metric.target()),
                .target_change_percent =
                    OptionalOf(metric.has_target_change_percent(), metric.target_change_percent()),
                .unit = metric.unit()};
}

}  // namespace

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  // What a Timestamp can hold: the years 1 to 9999.
  constexpr int64_t kFirst = -62135596800;
  constexpr int64_t kLast = 253402300799;
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(std::clamp(seconds, kFirst, kLast));
  if (seconds == timestamp.seconds()) {
    timestamp.set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  }
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

absl::CivilDay FromDate(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

bool IsWholeDate(const google::type::Date& date) {
  if (date.year() < 1 || date.year() > 9999) return false;
  const absl::CivilDay day = FromDate(date);
  return day.year() == date.year() && day.month() == date.month() && day.day() == date.day();
}

directory::v1::Organization ToProto(const Organization& organization) {
  directory::v1::Organization message;
  message.set_name(organization.name.ToString());
  message.set_display_name(organization.display_name);
  message.set_time_zone(organization.time_zone);
  message.set_default_roll_up(static_cast<goals::v1::RollUp>(organization.default_roll_up));
  SetTimes(organization.times, message);
  return message;
}

absl::StatusOr<Organization> FromProto(const directory::v1::Organization& message) {
  Organization organization;
  OKR_ASSIGN_OR_RETURN(organization.name, OrganizationName::Parse(message.name()));
  organization.display_name = message.display_name();
  organization.time_zone = message.time_zone();
  organization.default_roll_up = static_cast<RollUp>(message.default_roll_up());
  organization.times = TimesOf(message);
  return organization;
}

directory::v1::Person ToProto(const Person& person) {
  directory::v1::Person message;
  message.set_name(person.name.ToString());
  message.set_display_name(person.display_name);
  message.set_subject(person.subject);
  message.set_email(person.email);
  message.set_time_zone(person.time_zone);
  message.set_state(static_cast<directory::v1::PersonState>(person.state));
  SetTimes(person.times, message);
  return message;
}

absl::StatusOr<Person> FromProto(const directory::v1::Person& message) {
  Person person;
  OKR_ASSIGN_OR_RETURN(person.name, PersonName::Parse(message.name()));
  person.display_name = message.display_name();
  person.subject = message.subject();
  person.email = message.email();
  person.time_zone = message.time_zone();
  person.state = static_cast<PersonState>(message.state());
  person.times = TimesOf(message);
  return person;
}

directory::v1::Team ToProto(const Team& team) {
  directory::v1::Team message;
  message.set_name(team.name.ToString());
  message.set_display_name(team.display_name);
  if (team.parent) message.set_parent(team.parent->ToString());
  for (const TeamMember& member : team.members) {
    directory::v1::TeamMember& added = *message.add_members();
    added.set_person(member.person.ToString());
    added.set_role(static_cast<directory::v1::TeamRole>(member.role));
  }
  SetTimes(team.times, message);
  return message;
}

absl::StatusOr<Team> FromProto(const directory::v1::Team& message) {
  Team team;
  OKR_ASSIGN_OR_RETURN(team.name, TeamName::Parse(message.name()));
  team.display_name = message.display_name();
  if (!message.parent().empty()) {
    OKR_ASSIGN_OR_RETURN(team.parent, TeamName::Parse(message.parent(), "parent"));
  }
  for (const directory::v1::TeamMember& member : message.members()) {
    OKR_ASSIGN_OR_RETURN(PersonName person, PersonName::Parse(member.person(), "members.person"));
    team.members.push_back({std::move(person), static_cast<TeamRole>(member.role())});
  }
  team.times = TimesOf(message);
  return team;
}

directory::v1::Cycle ToProto(const Cycle& cycle) {
  directory::v1::Cycle message;
  message.set_name(cycle.name.ToString());
  message.set_display_name(cycle.display_name);
  *message.mutable_start_date() = ToDate(cycle.start_date);
  *message.mutable_end_date() = ToDate(cycle.end_date);
  directory::v1::CheckInSchedule& schedule = *message.mutable_check_in_schedule();
  schedule.set_cadence(static_cast<directory::v1::Cadence>(cycle.schedule.cadence));
  schedule.set_weekday(ToDayOfWeek(cycle.schedule.weekday));
  schedule.mutable_grace()->set_seconds(absl::ToInt64Seconds(cycle.schedule.grace));
  if (cycle.parent) message.set_parent(cycle.parent->ToString());
  message.set_state(static_cast<directory::v1::CycleState>(cycle.state));
  message.set_scoring_policy(cycle.scoring_policy);
  SetTimes(cycle.times, message);
  return message;
}

absl::StatusOr<Cycle> FromProto(const directory::v1::Cycle& message) {
  Cycle cycle;
  OKR_ASSIGN_OR_RETURN(cycle.name, CycleName::Parse(message.name()));
  cycle.display_name = message.display_name();
  cycle.start_date = FromDate(message.start_date());
  cycle.end_date = FromDate(message.end_date());
  const directory::v1::CheckInSchedule& schedule = message.check_in_schedule();
  cycle.schedule = {.cadence = static_cast<Cadence>(schedule.cadence()),
                    .weekday = FromDayOfWeek(schedule.weekday()),
                    .grace = absl::Seconds(schedule.grace().seconds())};
  if (!message.parent().empty()) {
    OKR_ASSIGN_OR_RETURN(cycle.parent, CycleName::Parse(message.parent(), "parent"));
  }
  cycle.state = static_cast<CycleState>(message.state());
  cycle.scoring_policy = message.scoring_policy();
  cycle.times = TimesOf(message);
  return cycle;
}

goals::v1::Alignment ToProto(const Alignment& alignment) {
  goals::v1::Alignment message;
  message.set_parent(alignment.parent_name());
  if (alignment.weight) message.set_weight(*alignment.weight);
  return message;
}

absl::StatusOr<Alignment> FromProto(const goals::v1::Alignment& message) {
  Alignment alignment;
  alignment.weight = OptionalOf(message.has_weight(), message.weight());
  if (auto objective = ObjectiveName::Parse(message.parent()); objective.ok()) {
    alignment.parent = *std::move(objective);
    return alignment;
  }
  if (auto key_result = KeyResultName::Parse(message.parent()); key_result.ok()) {
    alignment.parent = *std::move(key_result);
    return alignment;
  }
  return InvalidFields(
      {{"parent", absl::StrCat("is \"", message.parent().substr(0, 200),
                               "\"; expected the name of an objective or a key result")}});
}

goals::v1::Objective ToProto(const Objective& objective) {
  goals::v1::Objective message;
  message.set_name(objective.name.ToString());
  message.set_title(objective.title);
  message.set_description(objective.description);
  message.set_why(objective.why);
  message.set_owner(objective.owner.ToString());
  message.set_cycle(objective.cycle.ToString());
  message.set_commitment(static_cast<goals::v1::Commitment>(objective.commitment));
  message.set_visibility(static_cast<goals::v1::Visibility>(objective.visibility));
  for (const PersonName& person : objective.shared_with) message.add_shared_with(person.ToString());
  message.set_roll_up(static_cast<goals::v1::RollUp>(objective.roll_up));
  for (const Alignment& alignment : objective.alignments)
    *message.add_alignments() = ToProto(alignment);
  message.set_state(static_cast<goals::v1::ObjectiveState>(objective.state));
  message.set_retire_reason(objective.retire_reason);
  if (objective.superseded_by) message.set_superseded_by(objective.superseded_by->ToString());
  message.set_creator(objective.creator);
  SetTimes(objective.times, message);
  return message;
}

absl::StatusOr<Objective> FromProto(const goals::v1::Objective& message) {
  Objective objective;
  OKR_ASSIGN_OR_RETURN(objective.name, ObjectiveName::Parse(message.name()));
  objective.title = message.title();
  objective.description = message.description();
  objective.why = message.why();
  OKR_ASSIGN_OR_RETURN(objective.owner, OptionalOwner(message.owner()));
  OKR_ASSIGN_OR_RETURN(objective.cycle, CycleName::Parse(message.cycle(), "cycle"));
  objective.commitment = static_cast<Commitment>(message.commitment());
  objective.visibility = static_cast<Visibility>(message.visibility());
  for (const std::string& name : message.shared_with()) {
    OKR_ASSIGN_OR_RETURN(PersonName person, PersonName::Parse(name, "shared_with"));
    objective.shared_with.push_back(std::move(person));
  }
  objective.roll_up = static_cast<RollUp>(message.roll_up());
  for (const goals::v1::Alignment& added : message.alignments()) {
    OKR_ASSIGN_OR_RETURN(Alignment alignment, FromProto(added));
    objective.alignments.push_back(std::move(alignment));
  }
  objective.state = static_cast<ObjectiveState>(message.state());
  objective.retire_reason = message.retire_reason();
  if (!message.superseded_by().empty()) {
    OKR_ASSIGN_OR_RETURN(objective.superseded_by,
                         ObjectiveName::Parse(message.superseded_by(), "superseded_by"));
  }
  objective.creator = message.creator();
  objective.times = TimesOf(message);
  return objective;
}

goals::v1::KeyResult ToProto(const KeyResult& key_result) {
  goals::v1::KeyResult message;
  message.set_name(key_result.name.ToString());
  message.set_title(key_result.title);
  message.set_description(key_result.description);
  message.set_owner(key_result.owner.ToString());
  std::visit([&](const auto& kind) { SetKind(kind, message); }, key_result.kind);
  if (key_result.start_date) *message.mutable_start_date() = ToDate(*key_result.start_date);
  if (key_result.due_date) *message.mutable_due_date() = ToDate(*key_result.due_date);
  if (key_result.weight) message.set_weight(*key_result.weight);
  message.set_commitment(static_cast<goals::v1::Commitment>(key_result.commitment));
  message.set_state(static_cast<goals::v1::KeyResultState>(key_result.state));
  message.set_retire_reason(key_result.retire_reason);
  message.set_cycle(key_result.cycle.ToString());
  message.set_creator(key_result.creator);
  SetTimes(key_result.times, message);
  return message;
}

absl::StatusOr<KeyResult> FromProto(const goals::v1::KeyResult& message) {
  KeyResult key_result;
  OKR_ASSIGN_OR_RETURN(key_result.name, KeyResultName::Parse(message.name()));
  key_result.title = message.title();
  key_result.description = message.description();
  OKR_ASSIGN_OR_RETURN(key_result.owner, OptionalOwner(message.owner()));
  key_result.kind = KindOf(message);
  if (message.has_start_date()) key_result.start_date = FromDate(message.start_date());
  if (message.has_due_date()) key_result.due_date = FromDate(message.due_date());
  key_result.weight = OptionalOf(message.has_weight(), message.weight());
  key_result.commitment = static_cast<Commitment>(message.commitment());
  key_result.state = static_cast<KeyResultState>(message.state());
  key_result.retire_reason = message.retire_reason();
  OKR_ASSIGN_OR_RETURN(key_result.cycle, CycleName::Parse(message.cycle(), "cycle"));
  key_result.creator = message.creator();
  key_result.times = TimesOf(message);
  return key_result;
}

}  // namespace okr
