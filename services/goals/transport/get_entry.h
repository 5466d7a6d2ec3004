// Gets of the directory: never block, and share statements with all reads of the same moment.
#pragma once

#include <memory>

#include "common/rpc/unary_call.h"
#include "okr/directory/v1/directory_service.pb.h"
#include "services/goals/transport/reads.h"

namespace okr::goals::transport {

void GetOrganization(const ReadDeps& deps,
                     const std::shared_ptr<rpc::UnaryCall<directory::v1::GetOrganizationRequest,
                                                          directory::v1::Organization>>& call);
void GetPerson(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<directory::v1::GetPersonRequest, directory::v1::Person>>&
        call);
void GetTeam(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<directory::v1::GetTeamRequest, directory::v1::Team>>&
        call);
void GetCycle(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<directory::v1::GetCycleRequest, directory::v1::Cycle>>&
        call);

}  // namespace okr::goals::transport
