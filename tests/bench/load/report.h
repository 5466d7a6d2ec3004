// What a run prints: one line of JSON.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "tests/bench/load/drive.h"

namespace okr::bench {

// {"name":..., "calls":..., "failures":..., "seconds":..., "rate":..., "p50_us":..., "p90_us":...,
// "p99_us":..., "p999_us":..., "max_us":..., "error":...}; error is the first one, or empty.
std::string ToJson(absl::string_view name, Measurement& measurement);

}  // namespace okr::bench
