// The other reads of okr.goals.v1.GoalsService. All block.
#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "okr/goals/v1/goals_service.pb.h"
#include "services/goals/transport/reads.h"

namespace okr::goals::transport {

absl::StatusOr<v1::ListObjectivesResponse> ListObjectives(const ReadDeps& deps,
                                                          const rpc::Call& call,
                                                          const v1::ListObjectivesRequest& request);
absl::StatusOr<v1::ListKeyResultsResponse> ListKeyResults(const ReadDeps& deps,
                                                          const rpc::Call& call,
                                                          const v1::ListKeyResultsRequest& request);
absl::StatusOr<v1::BatchGetObjectivesResponse> BatchGetObjectives(
    const ReadDeps& deps, const rpc::Call& call, const v1::BatchGetObjectivesRequest& request);
absl::StatusOr<v1::BatchGetKeyResultsResponse> BatchGetKeyResults(
    const ReadDeps& deps, const rpc::Call& call, const v1::BatchGetKeyResultsRequest& request);
absl::StatusOr<v1::GetAlignmentTreeResponse> GetAlignmentTree(
    const ReadDeps& deps, const rpc::Call& call, const v1::GetAlignmentTreeRequest& request);

}  // namespace okr::goals::transport
