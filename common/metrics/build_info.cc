#include "common/metrics/build_info.h"

namespace okr::metrics {

BuildInfo ThisBuild() {
  return {.version = OKR_VERSION, .commit = OKR_COMMIT, .opentelemetry = OKR_OPENTELEMETRY_VERSION};
}

}  // namespace okr::metrics
