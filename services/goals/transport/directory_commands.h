// The writing RPCs of okr.directory.v1.DirectoryService, as in goals_commands.h.
#pragma once

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/store/view.h"
#include "okr/directory/v1/directory_service.pb.h"

namespace okr::goals::transport {

absl::Status CreateOrganization(const rpc::Call& call,
                                const directory::v1::CreateOrganizationRequest& request,
                                store::View& view, directory::v1::Organization& response);
absl::Status UpdateOrganization(const rpc::Call& call,
                                const directory::v1::UpdateOrganizationRequest& request,
                                store::View& view, directory::v1::Organization& response);
absl::Status CreatePerson(const rpc::Call& call, const directory::v1::CreatePersonRequest& request,
                          store::View& view, directory::v1::Person& response);
absl::Status UpdatePerson(const rpc::Call& call, const directory::v1::UpdatePersonRequest& request,
                          store::View& view, directory::v1::Person& response);
absl::Status CreateTeam(const rpc::Call& call, const directory::v1::CreateTeamRequest& request,
                        store::View& view, directory::v1::Team& response);
absl::Status UpdateTeam(const rpc::Call& call, const directory::v1::UpdateTeamRequest& request,
                        store::View& view, directory::v1::Team& response);
absl::Status DeleteTeam(const rpc::Call& call, const directory::v1::DeleteTeamRequest& request,
                        store::View& view, directory::v1::Team& response);
absl::Status CreateCycle(const rpc::Call& call, const directory::v1::CreateCycleRequest& request,
                         store::View& view, directory::v1::Cycle& response);
absl::Status UpdateCycle(const rpc::Call& call, const directory::v1::UpdateCycleRequest& request,
                         store::View& view, directory::v1::Cycle& response);
absl::Status ActivateCycle(const rpc::Call& call,
                           const directory::v1::ActivateCycleRequest& request, store::View& view,
                           directory::v1::Cycle& response);
absl::Status OpenCycleGrading(const rpc::Call& call,
                              const directory::v1::OpenCycleGradingRequest& request,
                              store::View& view, directory::v1::Cycle& response);
absl::Status CloseCycle(const rpc::Call& call, const directory::v1::CloseCycleRequest& request,
                        store::View& view, directory::v1::Cycle& response);

}  // namespace okr::goals::transport
