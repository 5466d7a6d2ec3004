// What gRPC and protobuf have to say, as our log lines.
#pragma once

namespace okr::rpc {

// Called by main before anything else. Newer versions of both log through absl/log; there it does
// nothing.
void TakeOverLibraryLogs();

}  // namespace okr::rpc
