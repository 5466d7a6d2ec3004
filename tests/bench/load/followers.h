// What becomes of check-ins after their acknowledgement: their events at a follower, and their
// scores.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/load/drive.h"
#include "tests/bench/load/workloads.h"

namespace okr::bench {

struct Followed {
  Measurement check_ins;  // Latencies of the calls.
  Measurement lags;       // From acknowledgement to sight.
};

// Puts on load in a way of the caller's.
using Drive = std::function<Measurement(Workload&)>;

// To the event at a client that subscribed to the first organization of the dataset, which must be
// the only one.
absl::StatusOr<Followed> FollowEvents(const Company& company, const std::string& checkins,
                                      int connections, const Drive& drive);

// To the answer of GetKeyResultScore that rests on the check-in. It is asked for at the
// acknowledgement, with the consistency token, so it is answered when it is there.
Followed FollowScores(const Company& company, const std::string& checkins,
                      const std::string& scoring, int connections, const Drive& drive);

}  // namespace okr::bench
