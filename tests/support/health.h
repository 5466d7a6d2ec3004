// The standard health protocol, as a client without generated code of it speaks it.
#pragma once

#include <grpcpp/grpcpp.h>

#include "absl/time/time.h"

namespace okr::testing {

// Asks for the health of the whole server until it is as wanted; false at the deadline.
bool WatchHealth(grpc::Channel& channel, bool serving, absl::Time deadline);

}  // namespace okr::testing
