// A gRPC server that does nothing, as a reference: it answers GetKeyResult with the same bytes each
// time. Its methods take and give bytes in callbacks, as those of the services do.
#pragma once

#include <string>

namespace okr::bench {

// Serves on `listen` until SIGTERM or SIGINT; false if it cannot listen there.
bool ServeEcho(const std::string& listen, const std::string& reply);

}  // namespace okr::bench
