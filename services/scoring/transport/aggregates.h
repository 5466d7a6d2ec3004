// Aggregates as they are answered.
#pragma once

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "okr/scoring/v1/resources.pb.h"
#include "services/scoring/domain/policy.h"
#include "services/scoring/transport/cycle_scores.h"

namespace okr::scoring {

struct AggregateRequest {
  std::string subject;  // Name of the team or cycle.
  // Which objectives of the cycle.
  std::function<bool(const ::okr::Objective&)> includes;
  std::string withheld_reason;  // Not empty: only counts are told.
  bool explained = true;
};

// What of it the viewer may not see is left out of names and explanations: scores of persons appear
// in the explanation as one part, all together.
v1::Aggregate MakeAggregate(const Policy& policy, const CycleScores& scores,
                            const AggregateRequest& request);

}  // namespace okr::scoring
