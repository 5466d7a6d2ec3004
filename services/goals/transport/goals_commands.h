// The writing RPCs of okr.goals.v1.GoalsService, each decided within a View (see
// store::Command::decide): pure, and run again when rows were missing.
#pragma once

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/store/view.h"
#include "okr/goals/v1/goals_service.pb.h"

namespace okr::goals::transport {

absl::Status CreateObjective(const rpc::Call& call, const v1::CreateObjectiveRequest& request,
                             store::View& view, v1::Objective& response);
absl::Status UpdateObjective(const rpc::Call& call, const v1::UpdateObjectiveRequest& request,
                             store::View& view, v1::Objective& response);
absl::Status DeleteObjective(const rpc::Call& call, const v1::DeleteObjectiveRequest& request,
                             store::View& view, v1::Objective& response);
absl::Status ActivateObjective(const rpc::Call& call, const v1::ActivateObjectiveRequest& request,
                               store::View& view, v1::Objective& response);
absl::Status RetireObjective(const rpc::Call& call, const v1::RetireObjectiveRequest& request,
                             store::View& view, v1::Objective& response);
absl::Status AlignObjective(const rpc::Call& call, const v1::AlignObjectiveRequest& request,
                            store::View& view, v1::Objective& response);
absl::Status UnalignObjective(const rpc::Call& call, const v1::UnalignObjectiveRequest& request,
                              store::View& view, v1::Objective& response);
absl::Status CreateKeyResult(const rpc::Call& call, const v1::CreateKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response);
absl::Status UpdateKeyResult(const rpc::Call& call, const v1::UpdateKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response);
absl::Status DeleteKeyResult(const rpc::Call& call, const v1::DeleteKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response);
absl::Status RetireKeyResult(const rpc::Call& call, const v1::RetireKeyResultRequest& request,
                             store::View& view, v1::KeyResult& response);

}  // namespace okr::goals::transport
