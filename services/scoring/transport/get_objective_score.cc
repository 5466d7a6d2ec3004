#include <map>
#include <string>

#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/names.h"
#include "services/scoring/store/tables.h"
#include "services/scoring/transport/hiding.h"
#include "services/scoring/transport/scores.h"
#include "services/scoring/transport/visibility.h"

namespace okr::scoring {
namespace {

// Objectives aligned to this one may be private; its own key results are as visible as itself.
absl::Status HidePrivateParts(store::View& view, const Viewer& viewer,
                              v1::Explanation& explanation) {
  std::map<std::string, bool, std::less<>> visible;
  for (const v1::ExplanationPart& part : explanation.parts()) {
    const std::string name = RelativeName(part.name());
    if (IsKeyResult(name)) {
      visible[part.name()] = true;
    } else if (const auto found = view.Find(projection::Objectives(), name); found.ok()) {
      visible[part.name()] = *found && MaySee(viewer, **found);
    }
  }
  if (view.misses_rows()) return absl::InternalError("parts are not loaded yet");
  HideParts([&](absl::string_view name) { return visible.find(name)->second; }, explanation);
  return absl::OkStatus();
}

absl::Status Read(store::View& view, const rpc::Call& call, const ObjectiveName& name,
                  v1::ObjectiveScore& response) {
  view.Want(tables::ObjectiveScores(), name.relative());
  view.Want(projection::Objectives(), name.relative());
  OKR_ASSIGN_OR_RETURN(const Viewer viewer, FindViewer(view, call.principal));
  OKR_ASSIGN_OR_RETURN(const ::okr::Objective* objective,
                       FindObjective(view, viewer, name, name.ToString()));
  OKR_ASSIGN_OR_RETURN(const auto score, view.Find(tables::ObjectiveScores(), name.relative()));
  if (!score) return error::NotFound(name.ToString());
  response = *score;
  OKR_RETURN_IF_ERROR(HidePrivateParts(view, viewer, *response.mutable_progress_explanation()));
  if (!MaySeeScore(viewer, *objective)) HideScore(response);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ObjectiveScore> GetObjectiveScore(store::Reads& reads, const rpc::Call& call,
                                                     const v1::GetObjectiveScoreRequest& request) {
  OKR_ASSIGN_OR_RETURN(const ObjectiveName name, ObjectiveName::Parse(request.name()));
  v1::ObjectiveScore response;
  OKR_RETURN_IF_ERROR(
      reads.With(std::string(name.organization_id()), call.deadline,
                 [&](store::View& view) { return Read(view, call, name, response); }));
  return response;
}

}  // namespace okr::scoring
