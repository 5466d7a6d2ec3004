// Why TLS to a server does not come about, in words for a person: gRPC only says that it does not.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/tls/files.h"

namespace okr::tls {

struct ProbeOptions {
  std::string address;  // "host:port", "dns:///host:port" or "unix:/path".
  bool tls = false;     // Whether we mean to speak TLS at all.
  Files files;          // Those of ours; without `ca` the system's authorities are believed.
  absl::Duration timeout = absl::Seconds(3);
};

// Connects and shakes hands as a gRPC client would, and gives one sentence on what is wrong and
// what to do, or "" where nothing is, or nothing can be told. Blocks.
std::string ProbeTls(const ProbeOptions& options);

}  // namespace okr::tls
