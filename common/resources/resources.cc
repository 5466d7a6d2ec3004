#include "common/resources/resources.h"

#include <algorithm>

namespace okr {

absl::string_view NameOf(ObjectiveState state) {
  switch (state) {
    case ObjectiveState::kDraft:
      return "DRAFT";
    case ObjectiveState::kInReview:
      return "IN_REVIEW";
    case ObjectiveState::kActive:
      return "ACTIVE";
    case ObjectiveState::kClosed:
      return "CLOSED";
    case ObjectiveState::kRetired:
      return "RETIRED";
    case ObjectiveState::kUnspecified:
      break;
  }
  return "UNSPECIFIED";
}

absl::string_view NameOf(KeyResultState state) {
  switch (state) {
    case KeyResultState::kActive:
      return "ACTIVE";
    case KeyResultState::kRetired:
      return "RETIRED";
    case KeyResultState::kUnspecified:
      break;
  }
  return "UNSPECIFIED";
}

absl::string_view NameOf(CycleState state) {
  switch (state) {
    case CycleState::kDraft:
      return "DRAFT";
    case CycleState::kActive:
      return "ACTIVE";
    case CycleState::kGrading:
      return "GRADING";
    case CycleState::kClosed:
      return "CLOSED";
    case CycleState::kUnspecified:
      break;
  }
  return "UNSPECIFIED";
}

absl::string_view NameOf(Commitment commitment) {
  switch (commitment) {
    case Commitment::kCommitted:
      return "COMMITTED";
    case Commitment::kAspirational:
      return "ASPIRATIONAL";
    case Commitment::kLearning:
      return "LEARNING";
    case Commitment::kUnspecified:
      break;
  }
  return "UNSPECIFIED";
}

absl::StatusOr<Owner> Owner::Parse(absl::string_view name, absl::string_view field) {
  if (auto person = PersonName::Parse(name); person.ok()) return Owner(*std::move(person));
  if (auto team = TeamName::Parse(name); team.ok()) return Owner(*std::move(team));
  return InvalidFields(
      {{std::string(field),
        absl::StrCat("is \"", name.substr(0, 200),
                     "\"; expected organizations/{organization}/people/{person} or "
                     "organizations/{organization}/teams/{team}")}});
}

std::string Owner::ToString() const {
  if (person() != nullptr) return person()->ToString();
  return team() != nullptr ? team()->ToString() : "";
}

std::string Owner::relative() const {
  if (person() != nullptr) return std::string(person()->relative());
  return team() != nullptr ? std::string(team()->relative()) : "";
}

bool Team::has_lead(const PersonName& person) const {
  return std::any_of(members.begin(), members.end(), [&](const TeamMember& member) {
    return member.person == person && member.role == TeamRole::kLead;
  });
}

bool Team::has_member(const PersonName& person) const {
  return std::any_of(members.begin(), members.end(),
                     [&](const TeamMember& member) { return member.person == person; });
}

std::string Alignment::parent_name() const {
  return std::visit([](const auto& name) { return name.ToString(); }, parent);
}

ObjectiveName Alignment::parent_objective() const {
  const auto* key_result = std::get_if<KeyResultName>(&parent);
  return key_result != nullptr ? key_result->objective() : std::get<ObjectiveName>(parent);
}

const Owner& OwnerOf(const KeyResult& key_result, const Objective& objective) {
  return key_result.owner.empty() ? objective.owner : key_result.owner;
}

absl::Time EndOfDay(absl::CivilDay day, const absl::TimeZone& zone) {
  return StartOfDay(day + 1, zone);
}

absl::Time StartOfDay(absl::CivilDay day, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo midnight = zone.At(absl::CivilSecond(day));
  return midnight.kind == absl::TimeZone::TimeInfo::SKIPPED ? midnight.trans : midnight.pre;
}

absl::TimeZone ZoneOf(const Organization& organization) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(organization.time_zone, &zone)) return absl::UTCTimeZone();
  return zone;
}

}  // namespace okr
