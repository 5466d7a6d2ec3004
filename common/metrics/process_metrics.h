// What Prometheus' client libraries tell of every process.
#pragma once

#include "common/metrics/registry.h"

namespace okr::metrics {

// process_*: memory, processor time, files; and the time of this call as that of the start.
void ShowProcess(Registry& registry);

}  // namespace okr::metrics
