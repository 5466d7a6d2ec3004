// okr.checkins.v1.CheckinsService.
#pragma once

#include "common/ids/uuid.h"
#include "common/rpc/service.h"
#include "common/service/process.h"
#include "common/service/write.h"
#include "services/checkins/store/lists.h"

namespace okr::checkins {

// All must outlive the server.
struct TransportDeps {
  service::Process& process;
  service::WriteDeps write;
  Lists& lists;
};

// Registers all methods.
void RegisterCheckinsService(const TransportDeps& deps, rpc::Service& service);

}  // namespace okr::checkins
