// What Redis Streams alone take, as a reference: XADD on one connection, XREAD on another.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/load/drive.h"

namespace okr::bench {

// Adds entries of so many bytes at a steady rate to a stream of its own, which is removed at the
// end. Latencies run from before XADD to the entry in the reader's hands.
absl::StatusOr<Measurement> MeasureStream(const std::string& redis_socket, int bytes,
                                          double entries_a_second, const Timing& timing);

}  // namespace okr::bench
