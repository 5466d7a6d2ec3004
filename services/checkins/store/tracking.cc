#include "services/checkins/store/tracking.h"

#include <string>
#include <utility>

#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::checkins {
namespace {

void EmitDue(store::View& view, const KeyResultName& name, const DueState& state, DueStage stage,
             int64_t version, bool is_private) {
  events::v1::CheckInDueEvent payload;
  payload.set_key_result(name.ToString());
  *payload.mutable_due_time() = ToTimestamp(*state.due_time);
  *payload.mutable_overdue_time() = ToTimestamp(state.overdue_time());
  view.Emit(
      stage == DueStage::kDue ? "okr.checkins.v1.CheckInDue" : "okr.checkins.v1.CheckInOverdue",
      name.ToString(), version, payload, is_private);
}

}  // namespace

bool Subjects::exist() const {
  return objective != nullptr && !objective->deleted() && key_result != nullptr &&
         !key_result->deleted();
}

absl::TimeZone Subjects::zone() const {
  return organization == nullptr ? absl::UTCTimeZone() : ZoneOf(*organization);
}

std::optional<DueDates> Subjects::due_dates() const {
  if (!exist() || cycle == nullptr) return std::nullopt;
  if (!TakesCheckIns({*cycle, *objective, *key_result, zone()}).ok()) return std::nullopt;
  return DueDates(*cycle, *key_result, zone());
}

void WantSubjects(store::View& view, const KeyResultName& name) {
  view.Want(DueStates(), name.relative());
  view.Want(projection::Organizations(), "");
  view.Want(projection::Objectives(), name.objective().relative());
  view.Want(projection::KeyResults(), name.relative());
}

absl::StatusOr<Subjects> FindSubjects(store::View& view, const KeyResultName& name) {
  OKR_ASSIGN_OR_RETURN(const auto organization, view.Find(projection::Organizations(), ""));
  OKR_ASSIGN_OR_RETURN(const auto objective,
                       view.Find(projection::Objectives(), name.objective().relative()));
  OKR_ASSIGN_OR_RETURN(const auto key_result, view.Find(projection::KeyResults(), name.relative()));
  Subjects subjects{.organization = organization.value,
                    .objective = objective.value,
                    .key_result = key_result.value};
  if (!key_result) return subjects;
  OKR_ASSIGN_OR_RETURN(const auto cycle,
                       view.Find(projection::Cycles(), key_result->cycle.relative()));
  subjects.cycle = cycle.value;
  return subjects;
}

DueRow Reschedule(DueRow row, const Subjects& subjects, absl::Time now) {
  const std::optional<DueDates> dates = subjects.due_dates();
  row.state = Scheduled(std::move(row.state), dates ? &*dates : nullptr, now);
  if (subjects.exist()) {
    row.cycle = std::string(subjects.key_result->cycle.relative());
    row.owner = OwnerOf(*subjects.key_result, *subjects.objective).relative();
  }
  return row;
}

absl::Status LookAt(store::View& view, const KeyResultName& name, const DueRow& row) {
  OKR_ASSIGN_OR_RETURN(const Subjects subjects, FindSubjects(view, name));
  DueRow next = Reschedule(row, subjects, view.now());
  const DueStage stage = Fire(next.state, view.now());
  const DueState state = next.state;
  const int64_t version = view.Put(DueStates(), name.relative(), std::move(next));
  if (stage != DueStage::kNone) {
    const bool is_private = subjects.objective->visibility == Visibility::kPrivate;
    EmitDue(view, name, state, stage, version, is_private);
  }
  return absl::OkStatus();
}

}  // namespace okr::checkins
