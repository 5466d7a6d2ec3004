// What this program was built from.
#pragma once

#include "absl/strings/string_view.h"

namespace okr::metrics {

struct BuildInfo {
  absl::string_view version;        // Of the suite, e.g. "0.1.0".
  absl::string_view commit;         // "unknown" where it was built without git.
  absl::string_view opentelemetry;  // Version of opentelemetry-cpp; "none" if it is left out.
};

BuildInfo ThisBuild();

}  // namespace okr::metrics
