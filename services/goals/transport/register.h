// Binds the RPCs of both services of this process to what serves them.
#pragma once

#include "common/rpc/service.h"
#include "common/service/write.h"
#include "services/goals/transport/reads.h"

namespace okr::goals::transport {

// All methods of okr.goals.v1.GoalsService.
void RegisterGoals(rpc::Service& service, const service::WriteDeps& write, const ReadDeps& read);
// All methods of okr.directory.v1.DirectoryService.
void RegisterDirectory(rpc::Service& service, const service::WriteDeps& write,
                       const ReadDeps& read);

}  // namespace okr::goals::transport
