#include "services/notifications/consumers/goals_news.h"

#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/notifications/domain/recipients.h"
#include "services/notifications/domain/texts.h"

namespace okr::notifications {
namespace {

namespace events = ::okr::events::v1;

absl::Status AddToObjective(Telling& telling, const Objective& child, const ObjectiveName& name,
                            News& news) {
  OKR_ASSIGN_OR_RETURN(const Objective* parent, telling.FindObjective(name));
  if (parent == nullptr) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const auto audience, telling.Audience(parent->owner, *parent));
  for (const PersonName& person : audience) {
    if (!MaySee(child, person)) continue;
    news.texts.emplace(person, AlignedToObjective(child.title, parent->title));
  }
  return absl::OkStatus();
}

absl::Status AddToKeyResult(Telling& telling, const Objective& child, const KeyResultName& name,
                            News& news) {
  OKR_ASSIGN_OR_RETURN(const auto known, telling.FindKeyResult(name));
  if (!known) return absl::OkStatus();
  const auto& [key_result, parent] = *known;
  for (const Owner* owner : {&OwnerOf(*key_result, *parent), &parent->owner}) {
    OKR_ASSIGN_OR_RETURN(const auto audience, telling.Audience(*owner, *parent));
    for (const PersonName& person : audience) {
      if (!MaySee(child, person)) continue;
      news.texts.emplace(person, AlignedToKeyResult(child.title, key_result->title, parent->title));
    }
  }
  return absl::OkStatus();
}

absl::Status TellOfAlignment(const std::vector<std::string>& parents, Telling& telling) {
  OKR_ASSIGN_OR_RETURN(const auto payload, telling.Read<events::ObjectiveEvent>());
  OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(payload.objective().name()));
  OKR_ASSIGN_OR_RETURN(const Objective* child, telling.FindObjective(name));
  if (child == nullptr) return absl::OkStatus();
  News news{.kind = Kind::kObjectiveAligned, .subject = name.ToString()};
  for (const std::string& parent : parents) {
    if (auto objective = ObjectiveName::Parse(parent); objective.ok()) {
      OKR_RETURN_IF_ERROR(AddToObjective(telling, *child, *objective, news));
      continue;
    }
    OKR_ASSIGN_OR_RETURN(const KeyResultName key_result, KeyResultName::Parse(parent));
    OKR_RETURN_IF_ERROR(AddToKeyResult(telling, *child, key_result, news));
  }
  return telling.Tell(news);
}

// How many key results of the cycle each person stands for.
absl::StatusOr<std::map<PersonName, int>> CountOwned(const std::vector<std::string>& key_results,
                                                     const OrganizationName& organization,
                                                     Telling& telling) {
  std::vector<KeyResultName> names;
  for (const std::string& relative : key_results) {
    OKR_ASSIGN_OR_RETURN(KeyResultName name,
                         KeyResultName::FromRelative(organization.id(), relative));
    telling.view().Want(projection::KeyResults(), name.relative());
    telling.view().Want(projection::Objectives(), name.objective().relative());
    names.push_back(std::move(name));
  }
  std::vector<KnownKeyResult> all;
  for (const KeyResultName& name : names) {
    OKR_ASSIGN_OR_RETURN(const auto known, telling.FindKeyResult(name));
    if (!known || known->objective->state != ObjectiveState::kActive) continue;
    const Owner& owner = OwnerOf(*known->key_result, *known->objective);
    if (owner.team() != nullptr) telling.view().Want(projection::Teams(), owner.relative());
    all.push_back(*known);
  }
  std::map<PersonName, int> owned;
  for (const auto& [key_result, objective] : all) {
    OKR_ASSIGN_OR_RETURN(const auto audience,
                         telling.Audience(OwnerOf(*key_result, *objective), *objective));
    for (const PersonName& person : audience) ++owned[person];
  }
  return owned;
}

absl::Status TellOfGrading(const GoalsRun& run, Telling& telling) {
  OKR_ASSIGN_OR_RETURN(const auto payload, telling.Read<events::CycleEvent>());
  OKR_ASSIGN_OR_RETURN(const Cycle cycle, FromProto(payload.cycle()));
  const auto key_results = run.key_results.find(cycle.name.ToString());
  if (key_results == run.key_results.end()) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const auto owned,
                       CountOwned(key_results->second, cycle.name.organization(), telling));
  News news{.kind = Kind::kGradingOpened, .subject = cycle.name.ToString()};
  for (const auto& [person, count] : owned) {
    news.texts.emplace(person, GradingOpened(cycle.display_name, count));
  }
  return telling.Tell(news);
}

}  // namespace

absl::Status TellOfGoals(const GoalsRun& run, Telling& telling) {
  if (telling.event().type() == "okr.directory.v1.CycleGradingOpened") {
    return TellOfGrading(run, telling);
  }
  const auto parents = run.new_parents.find(telling.event().id());
  return parents == run.new_parents.end() ? absl::OkStatus()
                                          : TellOfAlignment(parents->second, telling);
}

}  // namespace okr::notifications
