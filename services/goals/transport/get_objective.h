// The hot reads of okr.goals.v1.GoalsService: they never block, and share statements with all reads
// of the same moment.
#pragma once

#include <memory>

#include "common/rpc/unary_call.h"
#include "okr/goals/v1/goals_service.pb.h"
#include "services/goals/transport/reads.h"

namespace okr::goals::transport {

void GetObjective(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<v1::GetObjectiveRequest, v1::Objective>>& call);
void GetKeyResult(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<v1::GetKeyResultRequest, v1::KeyResult>>& call);

}  // namespace okr::goals::transport
