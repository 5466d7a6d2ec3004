// Fills an empty suite with a dataset, over the API as its users would.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "tests/bench/load/dataset.h"
#include "tests/bench/load/identities.h"

namespace okr::bench {

// Organizations with people, teams and an active cycle, and in it active objectives of the teams
// with their key results. The first error ends it.
absl::Status Fill(const Dataset& dataset, const Identities& identities, const std::string& goals,
                  int threads);

}  // namespace okr::bench
