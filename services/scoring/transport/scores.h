// Reads and writes of single scores.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/store/reads.h"
#include "common/store/view.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::scoring {

absl::StatusOr<v1::KeyResultScore> GetKeyResultScore(store::Reads& reads, const rpc::Call& call,
                                                     const v1::GetKeyResultScoreRequest& request);

absl::StatusOr<v1::ObjectiveScore> GetObjectiveScore(store::Reads& reads, const rpc::Call& call,
                                                     const v1::GetObjectiveScoreRequest& request);

// A command of the store: see service::AddWrite.
absl::Status GradeKeyResult(const rpc::Call& call, const v1::GradeKeyResultRequest& request,
                            store::View& view, v1::KeyResultScore& response);

}  // namespace okr::scoring
