// What the suite is about, as values: the same in the service that owns them and in those that keep
// a projection. No protobuf here; see common/resources/proto for the public messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/names/names.h"

namespace okr {

// The values are those of the public enums, so that they convert by number.
enum class Commitment { kUnspecified = 0, kCommitted = 1, kAspirational = 2, kLearning = 3 };
enum class Visibility { kUnspecified = 0, kOrganization = 1, kPrivate = 2 };
enum class ObjectiveState {
  kUnspecified = 0,
  kDraft = 1,
  kInReview = 2,
  kActive = 3,
  kClosed = 4,
  kRetired = 5
};
enum class KeyResultState { kUnspecified = 0, kActive = 1, kRetired = 2 };
enum class RollUp { kUnspecified = 0, kOwnKeyResults = 1, kIncludeAligned = 2 };
enum class PersonState { kUnspecified = 0, kActive = 1, kDeactivated = 2 };
enum class TeamRole { kUnspecified = 0, kMember = 1, kLead = 2 };
enum class CycleState { kUnspecified = 0, kDraft = 1, kActive = 2, kGrading = 3, kClosed = 4 };
enum class Cadence { kUnspecified = 0, kWeekly = 1, kEveryTwoWeeks = 2, kMonthly = 3 };

// Names as people and errors show them, e.g. "ACTIVE".
absl::string_view NameOf(ObjectiveState state);
absl::string_view NameOf(KeyResultState state);
absl::string_view NameOf(CycleState state);
absl::string_view NameOf(Commitment commitment);

// Who owns something: a person or a team. Empty by default, which means "as the objective" on a key
// result.
class Owner {
 public:
  Owner() = default;
  // INVALID_FIELDS naming `field` unless it names a person or a team.
  static absl::StatusOr<Owner> Parse(absl::string_view name, absl::string_view field = "owner");
  explicit Owner(PersonName person) : name_(std::move(person)) {}
  explicit Owner(TeamName team) : name_(std::move(team)) {}

  bool empty() const { return std::holds_alternative<std::monostate>(name_); }
  const PersonName* person() const { return std::get_if<PersonName>(&name_); }
  const TeamName* team() const { return std::get_if<TeamName>(&name_); }
  std::string ToString() const;
  // Without the organization; empty if there is no owner.
  std::string relative() const;
  bool operator==(const Owner&) const = default;

 private:
  std::variant<std::monostate, PersonName, TeamName> name_;
};

struct Times {
  absl::Time create_time = absl::InfinitePast();
  absl::Time update_time = absl::InfinitePast();
  std::optional<absl::Time> delete_time;
  bool operator==(const Times&) const = default;
};

struct Organization {
  OrganizationName name;
  std::string display_name;
  std::string time_zone = "UTC";
  RollUp default_roll_up = RollUp::kOwnKeyResults;
  Times times;
  bool operator==(const Organization&) const = default;
};

struct Person {
  PersonName name;
  std::string display_name;
  std::string subject;
  std::string email;
  std::string time_zone;
  PersonState state = PersonState::kActive;
  Times times;
  bool operator==(const Person&) const = default;
};

struct TeamMember {
  PersonName person;
  TeamRole role = TeamRole::kMember;
  bool operator==(const TeamMember&) const = default;
};

struct Team {
  TeamName name;
  std::string display_name;
  std::optional<TeamName> parent;
  std::vector<TeamMember> members;
  Times times;

  bool has_lead(const PersonName& person) const;
  bool has_member(const PersonName& person) const;  // Leads are members too.
  bool operator==(const Team&) const = default;
};

struct CheckInSchedule {
  Cadence cadence = Cadence::kWeekly;
  absl::Weekday weekday = absl::Weekday::friday;
  absl::Duration grace = absl::Hours(72);
  bool operator==(const CheckInSchedule&) const = default;
};

struct Cycle {
  CycleName name;
  std::string display_name;
  absl::CivilDay start_date;
  absl::CivilDay end_date;
  CheckInSchedule schedule;
  std::optional<CycleName> parent;
  CycleState state = CycleState::kDraft;
  std::string scoring_policy;
  Times times;
  bool operator==(const Cycle&) const = default;
};

// An objective or key result that is served, and how much it weighs.
struct Alignment {
  std::variant<ObjectiveName, KeyResultName> parent;
  std::optional<double> weight;

  std::string parent_name() const;
  // The objective that is served, directly or by one of its key results.
  ObjectiveName parent_objective() const;
  bool to_objective() const { return std::holds_alternative<ObjectiveName>(parent); }
  bool operator==(const Alignment&) const = default;
};

struct Objective {
  ObjectiveName name;
  std::string title;
  std::string description;
  std::string why;
  Owner owner;
  CycleName cycle;
  Commitment commitment = Commitment::kAspirational;
  Visibility visibility = Visibility::kOrganization;
  std::vector<PersonName> shared_with;
  RollUp roll_up = RollUp::kUnspecified;
  std::vector<Alignment> alignments;
  ObjectiveState state = ObjectiveState::kDraft;
  std::string retire_reason;
  std::optional<ObjectiveName> superseded_by;
  std::string creator;
  Times times;

  bool deleted() const { return times.delete_time.has_value(); }
  bool operator==(const Objective&) const = default;
};

struct Metric {
  std::optional<double> baseline;  // Absent: to be measured.
  std::optional<double> target;
  std::optional<double> target_change_percent;
  std::string unit;
  bool operator==(const Metric&) const = default;
};

struct Maintain {
  std::optional<double> lower;
  std::optional<double> upper;
  std::string unit;
  bool operator==(const Maintain&) const = default;
};

struct Milestone {
  std::string id;
  std::string title;
  std::optional<double> weight;
  bool operator==(const Milestone&) const = default;
};

struct Milestones {
  std::vector<Milestone> milestones;
  bool operator==(const Milestones&) const = default;
};

struct KeyResult {
  KeyResultName name;
  std::string title;
  std::string description;
  Owner owner;  // Empty: the objective's.
  std::variant<Metric, Maintain, Milestones> kind;
  std::optional<absl::CivilDay> start_date;
  std::optional<absl::CivilDay> due_date;
  std::optional<double> weight;
  Commitment commitment = Commitment::kUnspecified;  // Unspecified: the objective's.
  KeyResultState state = KeyResultState::kActive;
  std::string retire_reason;
  CycleName cycle;
  std::string creator;
  Times times;

  bool deleted() const { return times.delete_time.has_value(); }
  bool operator==(const KeyResult&) const = default;
};

// Who answers for a key result: its own owner, else the objective's.
const Owner& OwnerOf(const KeyResult& key_result, const Objective& objective);

// The first moment of `day` in `zone`: the first midnight where clocks show it twice, and the
// change of the clocks where they skip it; and that of the next day.
absl::Time EndOfDay(absl::CivilDay day, const absl::TimeZone& zone);
absl::Time StartOfDay(absl::CivilDay day, const absl::TimeZone& zone);
// UTC if the name is not known.
absl::TimeZone ZoneOf(const Organization& organization);

}  // namespace okr
