// The scores of a cycle, by team and as a whole.
#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/store/reads.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::scoring {

absl::StatusOr<v1::TeamScorecard> GetTeamScorecard(store::Reads& reads, const rpc::Call& call,
                                                   const v1::GetTeamScorecardRequest& request);

absl::StatusOr<v1::CycleReport> GetCycleReport(store::Reads& reads, const rpc::Call& call,
                                               const v1::GetCycleReportRequest& request);

}  // namespace okr::scoring
