#include "services/goals/transport/changes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "common/store/etag.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/goals/domain/errors.h"
#include "services/goals/store/tables.h"

namespace okr::goals::transport {
namespace {

constexpr absl::string_view kGoals = "okr.goals.v1.";
constexpr absl::string_view kDirectory = "okr.directory.v1.";

template <typename Value, typename Message>
void Fill(const Value& value, int64_t version, Message& message) {
  message = ToProto(value);
  message.set_etag(store::Etag(version));
}

// What scoring last said, without what the reader may not see.
template <typename Message>
absl::Status AddSummary(store::View& view, absl::string_view name, bool may_see_score,
                        Message& response) {
  OKR_ASSIGN_OR_RETURN(const auto summary, view.Find(tables::ScoreSummaries(), name));
  if (!summary) return absl::OkStatus();
  *response.mutable_score_summary() = *summary;
  if (!may_see_score) response.mutable_score_summary()->clear_score();
  return absl::OkStatus();
}

// For the question who may change what it owns.
void WantOwningTeam(store::View& view, const Owner& owner) {
  if (owner.team() != nullptr) view.Want(tables::TeamsSeen(), owner.team()->relative());
}

template <typename Payload, typename Value, typename Message>
void StoreEntry(store::View& view, const store::Table<Value>& table, absl::string_view event,
                const Value& next, Message& response, Message* (Payload::*mutable_resource)()) {
  const int64_t version = view.Put(table, next.name.relative(), next);
  Fill(next, version, response);
  Payload payload;
  *(payload.*mutable_resource)() = response;
  view.Emit(absl::StrCat(kDirectory, event), next.name.ToString(), version, payload);
}

}  // namespace

absl::Status CheckEtag(absl::string_view name, absl::string_view sent, int64_t version) {
  const std::string present = store::Etag(version);
  if (sent.empty() || sent == present) return absl::OkStatus();
  return error::EtagMismatch(name, sent.substr(0, 100), present);
}

void WantObjective(store::View& view, const ObjectiveName& name) {
  view.Want(tables::Objectives(), name.relative());
  view.Want(tables::ScoreSummaries(), name.relative());
}

void WantKeyResult(store::View& view, const KeyResultName& name) {
  view.Want(tables::Objectives(), name.objective().relative());
  view.Want(tables::KeyResults(), name.relative());
  view.Want(tables::ScoreSummaries(), name.relative());
}

absl::StatusOr<FoundObjective> FindObjective(store::View& view, const Actor& actor,
                                             const ObjectiveName& name) {
  WantObjective(view, name);
  OKR_ASSIGN_OR_RETURN(const auto objective, view.Find(tables::Objectives(), name.relative()));
  if (!objective || objective->deleted() || !MayRead(actor, *objective)) {
    return error::NotFound(name.ToString());
  }
  WantOwningTeam(view, objective->owner);
  OKR_ASSIGN_OR_RETURN(const auto cycle, view.Find(tables::Cycles(), objective->cycle.relative()));
  if (!cycle) return absl::InternalError("the cycle of an objective is missing");
  return FoundObjective{.objective = *objective, .version = objective.version, .cycle = *cycle};
}

absl::StatusOr<FoundKeyResult> FindKeyResult(store::View& view, const Actor& actor,
                                             const KeyResultName& name) {
  WantKeyResult(view, name);
  OKR_ASSIGN_OR_RETURN(const auto objective,
                       view.Find(tables::Objectives(), name.objective().relative()));
  OKR_ASSIGN_OR_RETURN(const auto key_result, view.Find(tables::KeyResults(), name.relative()));
  if (!objective || !key_result || key_result->deleted() || !MayRead(actor, *objective)) {
    return error::NotFound(name.ToString());
  }
  WantOwningTeam(view, objective->owner);
  OKR_ASSIGN_OR_RETURN(const auto cycle, view.Find(tables::Cycles(), objective->cycle.relative()));
  if (!cycle) return absl::InternalError("the cycle of an objective is missing");
  return FoundKeyResult{.key_result = *key_result,
                        .version = key_result.version,
                        .objective = *objective,
                        .cycle = *cycle};
}

absl::Status Show(store::View& view, const Actor& actor, const Objective& objective,
                  int64_t version, v1::Objective& response) {
  Fill(objective, version, response);
  return AddSummary(view, objective.name.relative(), MaySeeScore(actor, objective), response);
}

absl::Status Show(store::View& view, const Actor& actor, const Objective& objective,
                  const KeyResult& key_result, int64_t version, v1::KeyResult& response) {
  Fill(key_result, version, response);
  return AddSummary(view, key_result.name.relative(), MaySeeScore(actor, objective, key_result),
                    response);
}

void Show(const Organization& organization, int64_t version,
          directory::v1::Organization& response) {
  Fill(organization, version, response);
}
void Show(const Person& person, int64_t version, directory::v1::Person& response) {
  Fill(person, version, response);
}
void Show(const Team& team, int64_t version, directory::v1::Team& response) {
  Fill(team, version, response);
}
void Show(const Cycle& cycle, int64_t version, directory::v1::Cycle& response) {
  Fill(cycle, version, response);
}

int64_t Store(store::View& view, absl::string_view event, const Objective& next,
              const std::string& event_parent) {
  const int64_t version = view.Put(tables::Objectives(), next.name.relative(), next);
  events::v1::ObjectiveEvent payload;
  Fill(next, version, *payload.mutable_objective());
  payload.set_parent(event_parent);
  view.Emit(absl::StrCat(kGoals, event), next.name.ToString(), version, payload,
            next.visibility == Visibility::kPrivate);
  return version;
}

int64_t Store(store::View& view, absl::string_view event, const Objective& objective,
              const KeyResult& next) {
  const int64_t version = view.Put(tables::KeyResults(), next.name.relative(), next);
  events::v1::KeyResultEvent payload;
  Fill(next, version, *payload.mutable_key_result());
  view.Emit(absl::StrCat(kGoals, event), next.name.ToString(), version, payload,
            objective.visibility == Visibility::kPrivate);
  return version;
}

absl::Status Store(store::View& view, const Actor& actor, absl::string_view event,
                   const Objective& next, v1::Objective& response,
                   const std::string& event_parent) {
  return Show(view, actor, next, Store(view, event, next, event_parent), response);
}

absl::Status Store(store::View& view, const Actor& actor, absl::string_view event,
                   const Objective& objective, const KeyResult& next, v1::KeyResult& response) {
  return Show(view, actor, objective, next, Store(view, event, objective, next), response);
}

void Store(store::View& view, absl::string_view event, const Organization& next,
           directory::v1::Organization& response) {
  StoreEntry(view, tables::Organizations(), event, next, response,
             &events::v1::OrganizationEvent::mutable_organization);
}

void Store(store::View& view, absl::string_view event, const Person& next,
           directory::v1::Person& response) {
  StoreEntry(view, tables::People(), event, next, response,
             &events::v1::PersonEvent::mutable_person);
}

void Store(store::View& view, absl::string_view event, const Team& next,
           directory::v1::Team& response) {
  StoreEntry(view, tables::Teams(), event, next, response, &events::v1::TeamEvent::mutable_team);
}

void Store(store::View& view, absl::string_view event, const Cycle& next,
           directory::v1::Cycle& response) {
  StoreEntry(view, tables::Cycles(), event, next, response, &events::v1::CycleEvent::mutable_cycle);
}

}  // namespace okr::goals::transport
