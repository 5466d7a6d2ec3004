// The cycle that is meant when none is named.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "cli/app/session.h"

namespace okr::cli {

// The name of cycle `text`; if it is empty, of the only one that is ACTIVE. A usage error lists the
// cycles if there is not exactly one.
absl::StatusOr<std::string> CycleOrCurrent(const std::string& text, Session& session);

}  // namespace okr::cli
