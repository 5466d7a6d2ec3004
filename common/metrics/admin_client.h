// Asks an admin port, as the health checks of container engines do, which are commands.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace okr::metrics {

// OK if the process that has `listen` as its admin port is ready; else UNAVAILABLE with what
// /readyz says, or that nobody answers within `patience`.
absl::Status AskReadiness(const std::string& listen, absl::Duration patience = absl::Seconds(2));

}  // namespace okr::metrics
