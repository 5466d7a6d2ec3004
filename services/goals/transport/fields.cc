#include "services/goals/transport/fields.h"

#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/ids/digest.h"
#include "common/ids/uuid.h"
#include "common/resources/messages.h"

namespace okr::goals::transport {
namespace {

// Enums are open in proto3: a number that is no value arrives as it is.
template <typename To, typename From>
void ParseEnum(const std::string& field, From value, bool valid, To unset, To& target,
               Violations& violations) {
  if (!valid) {
    violations.Add(field,
                   absl::StrCat("is ", static_cast<int>(value), ", which is no value of its enum"));
  } else {
    target = static_cast<int>(value) == 0 ? unset : static_cast<To>(value);
  }
}

std::optional<absl::CivilDay> ParseDate(const std::string& field, const google::type::Date& date,
                                        Violations& violations) {
  if (IsWholeDate(date)) return FromDate(date);
  violations.Add(field,
                 absl::StrFormat("is %04d-%02d-%02d; expected a day with year, month and day",
                                 date.year(), date.month(), date.day()));
  return std::nullopt;
}

Metric ParseKind(const v1::Metric& message) {
  Metric metric{.unit = message.unit()};
  if (message.has_baseline()) metric.baseline = message.baseline();
  if (message.has_target()) metric.target = message.target();
  if (message.has_target_change_percent()) {
    metric.target_change_percent = message.target_change_percent();
  }
  return metric;
}

Maintain ParseKind(const v1::Maintain& message) {
  Maintain maintain{.unit = message.unit()};
  if (message.has_lower()) maintain.lower = message.lower();
  if (message.has_upper()) maintain.upper = message.upper();
  return maintain;
}

Milestones ParseKind(const v1::Milestones& message) {
  Milestones milestones;
  for (const v1::Milestone& item : message.milestones()) {
    Milestone& milestone = milestones.milestones.emplace_back();
    milestone.id = item.id();
    milestone.title = item.title();
    if (item.has_weight()) milestone.weight = item.weight();
  }
  return milestones;
}

void ParseKind(const v1::KeyResult& message, const std::string& prefix, KeyResult& key_result,
               Violations& violations) {
  switch (message.kind_case()) {
    case v1::KeyResult::kMetric:
      key_result.kind = ParseKind(message.metric());
      break;
    case v1::KeyResult::kMaintain:
      key_result.kind = ParseKind(message.maintain());
      break;
    case v1::KeyResult::kMilestones:
      key_result.kind = ParseKind(message.milestones());
      break;
    case v1::KeyResult::KIND_NOT_SET:
      violations.Add(prefix + "kind", "is not set; set one of metric, maintain and milestones");
      // Right as it is, so that nothing more is told of it.
      key_result.kind = Maintain{.lower = 0};
      break;
  }
}

void ParseSchedule(const directory::v1::CheckInSchedule& message, const std::string& prefix,
                   CheckInSchedule& schedule, Violations& violations) {
  schedule = CheckInSchedule();
  ParseEnum(prefix + "cadence", message.cadence(),
            directory::v1::Cadence_IsValid(message.cadence()), Cadence::kWeekly, schedule.cadence,
            violations);
  if (!google::type::DayOfWeek_IsValid(message.weekday())) {
    violations.Add(prefix + "weekday", absl::StrCat("is ", static_cast<int>(message.weekday()),
                                                    ", which is no value of its enum"));
  } else if (message.weekday() != google::type::DAY_OF_WEEK_UNSPECIFIED) {
    // Both begin with Monday, counted from 1 and from 0.
    schedule.weekday = static_cast<absl::Weekday>(static_cast<int>(message.weekday()) - 1);
  }
  if (!message.has_grace()) return;
  if (message.grace().nanos() != 0) {
    violations.Add(prefix + "grace", "has parts of a second; expected whole seconds");
  }
  schedule.grace = absl::Seconds(message.grace().seconds());
}

}  // namespace

OrganizationName ParseParent(const rpc::Call& call, absl::string_view parent,
                             Violations& violations) {
  return ParseName<OrganizationName>("parent", parent, violations)
      .value_or(OrganizationName(call.principal.organization));
}

std::string IdOf(const rpc::Call& call, absl::string_view field, absl::string_view chosen,
                 Violations& violations) {
  if (!chosen.empty()) {
    const absl::Status valid = CheckResourceId(field, chosen);
    if (valid.ok()) return std::string(chosen);
    violations.AddFrom("", valid);
  }
  // A UUIDv7 whose random bits follow from what is unique to the call.
  const std::string digest =
      Sha256(absl::StrCat(call.principal.organization, "\n", call.method, "\n", call.request_id))
          .ToBytes();
  std::array<uint8_t, 16> bytes{};
  const auto milliseconds = static_cast<uint64_t>(absl::ToUnixMillis(call.now));
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(milliseconds >> (40 - 8 * i));
  for (size_t i = 6; i < 16; ++i) bytes[i] = static_cast<uint8_t>(digest[i]);
  bytes[6] = static_cast<uint8_t>(0x70 | (bytes[6] & 0x0F));
  bytes[8] = static_cast<uint8_t>(0x80 | (bytes[8] & 0x3F));
  return Uuid(bytes).ToString();
}

void ParseFields(const v1::Objective& message, const Actor& actor, const std::string& prefix,
                 Objective& objective, Violations& violations) {
  objective.title = message.title();
  objective.description = message.description();
  objective.why = message.why();
  if (auto owner = Owner::Parse(message.owner(), prefix + "owner"); owner.ok()) {
    objective.owner = actor.Resolve(*owner);
  } else {
    violations.AddFrom("", owner.status());
  }
  ParseEnum(prefix + "commitment", message.commitment(),
            v1::Commitment_IsValid(message.commitment()), Commitment::kAspirational,
            objective.commitment, violations);
  ParseEnum(prefix + "visibility", message.visibility(),
            v1::Visibility_IsValid(message.visibility()), Visibility::kOrganization,
            objective.visibility, violations);
  ParseEnum(prefix + "roll_up", message.roll_up(), v1::RollUp_IsValid(message.roll_up()),
            RollUp::kUnspecified, objective.roll_up, violations);
  objective.shared_with.clear();
  for (int i = 0; i < message.shared_with_size(); ++i) {
    const auto person = ParseName<PersonName>(absl::StrCat(prefix, "shared_with[", i, "]"),
                                              message.shared_with(i), violations);
    objective.shared_with.push_back(person ? actor.Resolve(*person) : PersonName());
  }
}

void ParseCycle(const v1::Objective& message, const std::string& prefix, Objective& objective,
                Violations& violations) {
  if (auto cycle = ParseName<CycleName>(prefix + "cycle", message.cycle(), violations)) {
    objective.cycle = *std::move(cycle);
  }
}

void ParseAlignments(const v1::Objective& message, const std::string& prefix, Objective& objective,
                     Violations& violations) {
  for (int i = 0; i < message.alignments_size(); ++i) {
    auto alignment = ParseAlignment(message.alignments(i),
                                    absl::StrCat(prefix, "alignments[", i, "]."), violations);
    objective.alignments.push_back(std::move(alignment).value_or(Alignment()));
  }
}

std::optional<Alignment> ParseAlignment(const v1::Alignment& message, const std::string& prefix,
                                        Violations& violations) {
  absl::StatusOr<Alignment> alignment = FromProto(message);
  if (alignment.ok()) return *std::move(alignment);
  violations.Add(prefix + "parent", DetailsOf(alignment.status()).violations.front().description);
  return std::nullopt;
}

bool ParseFields(const v1::KeyResult& message, const Actor& actor, const std::string& prefix,
                 KeyResult& key_result, Violations& violations) {
  key_result.title = message.title();
  key_result.description = message.description();
  key_result.owner = Owner();
  if (!message.owner().empty()) {
    auto owner = Owner::Parse(message.owner(), prefix + "owner");
    if (owner.ok()) key_result.owner = actor.Resolve(*owner);
    violations.AddFrom("", owner.status());
  }
  ParseKind(message, prefix, key_result, violations);
  ParseEnum(prefix + "commitment", message.commitment(),
            v1::Commitment_IsValid(message.commitment()), Commitment::kUnspecified,
            key_result.commitment, violations);
  key_result.weight.reset();
  if (message.has_weight()) key_result.weight = message.weight();
  key_result.start_date.reset();
  key_result.due_date.reset();
  if (message.has_start_date()) {
    key_result.start_date = ParseDate(prefix + "start_date", message.start_date(), violations);
  }
  if (message.has_due_date()) {
    key_result.due_date = ParseDate(prefix + "due_date", message.due_date(), violations);
  }
  return message.has_start_date() == key_result.start_date.has_value() &&
         message.has_due_date() == key_result.due_date.has_value();
}

void ParseFields(const directory::v1::Organization& message, const std::string& prefix,
                 Organization& organization, Violations& violations) {
  organization.display_name = message.display_name();
  organization.time_zone = message.time_zone().empty() ? "UTC" : message.time_zone();
  ParseEnum(prefix + "default_roll_up", message.default_roll_up(),
            v1::RollUp_IsValid(message.default_roll_up()), RollUp::kOwnKeyResults,
            organization.default_roll_up, violations);
}

void ParseFields(const directory::v1::Person& message, const std::string& prefix, Person& person,
                 Violations& violations) {
  person.display_name = message.display_name();
  person.subject = message.subject();
  person.email = message.email();
  person.time_zone = message.time_zone();
  ParseEnum(prefix + "state", message.state(), directory::v1::PersonState_IsValid(message.state()),
            PersonState::kActive, person.state, violations);
}

void ParseFields(const directory::v1::Team& message, const Actor& actor, const std::string& prefix,
                 Team& team, Violations& violations) {
  team.display_name = message.display_name();
  team.parent.reset();
  if (!message.parent().empty()) {
    team.parent = ParseName<TeamName>(prefix + "parent", message.parent(), violations);
  }
  team.members.clear();
  for (int i = 0; i < message.members_size(); ++i) {
    const directory::v1::TeamMember& item = message.members(i);
    const std::string field = absl::StrCat(prefix, "members[", i, "].");
    TeamMember member;
    ParseEnum(field + "role", item.role(), directory::v1::TeamRole_IsValid(item.role()),
              TeamRole::kMember, member.role, violations);
    const auto person = ParseName<PersonName>(field + "person", item.person(), violations);
    if (person) member.person = actor.Resolve(*person);
    team.members.push_back(std::move(member));
  }
}

bool ParseFields(const directory::v1::Cycle& message, const std::string& prefix, Cycle& cycle,
                 Violations& violations) {
  cycle.display_name = message.display_name();
  cycle.parent.reset();
  if (!message.parent().empty()) {
    cycle.parent = ParseName<CycleName>(prefix + "parent", message.parent(), violations);
  }
  ParseSchedule(message.check_in_schedule(), prefix + "check_in_schedule.", cycle.schedule,
                violations);
  const auto start = ParseDate(prefix + "start_date", message.start_date(), violations);
  const auto end = ParseDate(prefix + "end_date", message.end_date(), violations);
  if (!start || !end) return false;
  cycle.start_date = *start;
  cycle.end_date = *end;
  return true;
}

}  // namespace okr::goals::transport
