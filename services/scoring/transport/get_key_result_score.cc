#include <string>

#include "common/status/macros.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/tables.h"
#include "services/scoring/transport/hiding.h"
#include "services/scoring/transport/scores.h"
#include "services/scoring/transport/visibility.h"

namespace okr::scoring {
namespace {

absl::Status Read(store::View& view, const rpc::Call& call, const KeyResultName& name,
                  v1::KeyResultScore& response) {
  view.Want(tables::KeyResultScores(), name.relative());
  const auto key_result = FindKeyResult(view, name);
  OKR_ASSIGN_OR_RETURN(const Viewer viewer, FindViewer(view, call.principal));
  OKR_ASSIGN_OR_RETURN(const ::okr::Objective* objective,
                       FindObjective(view, viewer, name.objective(), name.ToString()));
  OKR_RETURN_IF_ERROR(key_result.status());
  OKR_ASSIGN_OR_RETURN(const auto score, view.Find(tables::KeyResultScores(), name.relative()));
  if (!score) return error::NotFound(name.ToString());
  response = *score;
  if (!MaySeeScore(viewer, *objective, **key_result)) HideScore(response);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::KeyResultScore> GetKeyResultScore(store::Reads& reads, const rpc::Call& call,
                                                     const v1::GetKeyResultScoreRequest& request) {
  OKR_ASSIGN_OR_RETURN(const KeyResultName name, KeyResultName::Parse(request.name()));
  v1::KeyResultScore response;
  OKR_RETURN_IF_ERROR(
      reads.With(std::string(name.organization_id()), call.deadline,
                 [&](store::View& view) { return Read(view, call, name, response); }));
  return response;
}

}  // namespace okr::scoring
