#include "services/scoring/transport/watch_scores.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/projection/tables.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/scoring/store/names.h"
#include "services/scoring/transport/hiding.h"

namespace okr::scoring {
namespace {

namespace events_v1 = ::okr::events::v1;

constexpr int kMaxObjectives = 1'000;
constexpr absl::Duration kLookBudget = absl::Seconds(10);

struct WatchFilter {
  std::string organization;
  std::set<std::string> objectives;  // Relative names; all if empty.
  std::optional<events::LogPosition> after;
};

absl::StatusOr<WatchFilter> Parse(const v1::WatchScoresRequest& request) {
  Violations violations;
  WatchFilter filter;
  auto parent = OrganizationName::Parse(request.parent(), "parent");
  violations.AddFrom("", parent.status());
  if (request.objectives_size() > kMaxObjectives) {
    violations.Add("objectives", absl::StrCat("has ", request.objectives_size(), " names; at most ",
                                              kMaxObjectives, " are allowed"));
  }
  for (int i = 0; i < std::min(request.objectives_size(), kMaxObjectives); ++i) {
    auto name = ObjectiveName::Parse(request.objectives(i), absl::StrCat("objectives[", i, "]"));
    violations.AddFrom("", name.status());
    if (name.ok()) filter.objectives.insert(std::string(name->relative()));
  }
  if (!request.resume_token().empty()) {
    filter.after = events::LogPosition::FromEntryId(request.resume_token());
    if (!filter.after) {
      violations.Add("resume_token",
                     "is not one that this service gave; leave it out to begin now");
    }
  }
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  filter.organization = std::string(parent->organization_id());
  return filter;
}

std::vector<std::string> ScoreTypes() {
  return {"okr.scoring.v1.KeyResultScoreChanged", "okr.scoring.v1.KeyResultStatusChanged",
          "okr.scoring.v1.ObjectiveScoreChanged", "okr.scoring.v1.ObjectiveStatusChanged"};
}

v1::WatchScoresResponse Response(const events::Delivery& delivery) {
  v1::WatchScoresResponse response;
  response.set_resume_token(delivery.position.at().ToEntryId());
  if (delivery.event == nullptr) return response;
  events_v1::KeyResultScoreEvent key_result;
  events_v1::ObjectiveScoreEvent objective;
  if (delivery.event->data().UnpackTo(&key_result)) {
    *response.mutable_key_result_score() = std::move(*key_result.mutable_score());
  } else if (delivery.event->data().UnpackTo(&objective)) {
    *response.mutable_objective_score() = std::move(*objective.mutable_score());
  }
  return response;
}

// Full name of what changed.
const std::string& NameOf(const v1::WatchScoresResponse& change) {
  return change.has_key_result_score() ? change.key_result_score().key_result()
                                       : change.objective_score().objective();
}

absl::StatusOr<std::optional<v1::WatchScoresResponse>> Look(store::Reads& reads,
                                                            const auth::Principal& principal,
                                                            v1::WatchScoresResponse change) {
  const std::string subject = RelativeName(NameOf(change));
  const std::string organization(events::OrganizationIdOf(NameOf(change)));
  std::optional<v1::WatchScoresResponse> shown;
  OKR_RETURN_IF_ERROR(
      reads.With(organization, absl::Now() + kLookBudget, [&](store::View& view) -> absl::Status {
        if (IsKeyResult(subject)) view.Want(projection::KeyResults(), subject);
        view.Want(projection::Objectives(), ObjectiveOf(subject));
        OKR_ASSIGN_OR_RETURN(const Viewer viewer, FindViewer(view, principal));
        OKR_ASSIGN_OR_RETURN(const auto objective,
                             view.Find(projection::Objectives(), ObjectiveOf(subject)));
        const ::okr::KeyResult* key_result = nullptr;
        if (IsKeyResult(subject)) {
          OKR_ASSIGN_OR_RETURN(const auto found, view.Find(projection::KeyResults(), subject));
          key_result = found.value;
        }
        shown = ShownTo(viewer, objective.value, key_result, change);
        return absl::OkStatus();
      }));
  return shown;
}

}  // namespace

std::optional<v1::WatchScoresResponse> ShownTo(const Viewer& viewer,
                                               const ::okr::Objective* objective,
                                               const ::okr::KeyResult* key_result,
                                               v1::WatchScoresResponse change) {
  if (objective == nullptr || !MaySee(viewer, *objective)) return std::nullopt;
  if (change.has_objective_score()) {
    if (!MaySeeScore(viewer, *objective)) HideScore(*change.mutable_objective_score());
    return change;
  }
  const bool may = key_result == nullptr ? MaySeeScore(viewer, *objective)
                                         : MaySeeScore(viewer, *objective, *key_result);
  if (!may) HideScore(*change.mutable_key_result_score());
  return change;
}

void ScoreWatch::Watch(const std::shared_ptr<Call>& call) {
  absl::StatusOr<WatchFilter> filter = Parse(call->request());
  if (!filter.ok()) return call->Finish(filter.status());
  events::LogFilter log_filter{.organization_id = filter->organization, .types = ScoreTypes()};
  if (!filter->objectives.empty()) {
    log_filter.accepts = [objectives =
                              std::move(filter->objectives)](const events_v1::Event& event) {
      return objectives.contains(ObjectiveOf(RelativeName(event.subject())));
    };
  }
  const auto subscription =
      feed_.Subscribe({.filter = std::move(log_filter),
                       .after = filter->after,
                       .deliver = [this, call](const events::Delivery& delivery,
                                               const Done& done) { Deliver(call, delivery, done); },
                       .ended = [call](const absl::Status& status) { call->Finish(status); }});
  call->OnCancel([subscription] { subscription->Cancel(); });
}

void ScoreWatch::Deliver(const std::shared_ptr<Call>& call, const events::Delivery& delivery,
                         const Done& done) {
  v1::WatchScoresResponse response = Response(delivery);
  const bool for_everybody = delivery.event == nullptr || !delivery.event->private_();
  if (for_everybody) return call->WriteAsync(response, done);
  DeliverPrivate(call, std::move(response), done);
}

void ScoreWatch::DeliverPrivate(const std::shared_ptr<Call>& call, v1::WatchScoresResponse change,
                                const Done& done) {
  const bool taken = looking_.TrySubmit([this, call, change = std::move(change), done] {
    const auto shown = Look(reads_, call->call().principal, change);
    if (!shown.ok()) {
      call->Finish(shown.status());
      return done(false);
    }
    if (*shown) return call->WriteAsync(**shown, done);
    done(true);
  });
  if (taken) return;
  call->Finish(MakeError(absl::StatusCode::kResourceExhausted,
                         "too many changes wait to be looked at; go on from the last resume_token",
                         {.reason = "OVERLOADED", .retry_delay = absl::Seconds(1)}));
  done(false);
}

}  // namespace okr::scoring
