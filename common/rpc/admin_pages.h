// What the admin port of a service shows.
#pragma once

#include "common/metrics/admin_server.h"
#include "common/metrics/registry.h"
#include "common/rpc/server.h"

namespace okr::rpc {

// /metrics; /livez, 200 as long as the process answers; /readyz, 200 while `server` is ready, else
// 503 with a line for each check that fails. Both must outlive the admin server.
metrics::AdminServer::Pages AdminPages(const metrics::Registry& registry, const Server& server);

}  // namespace okr::rpc
