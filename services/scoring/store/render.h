// Values of the domain as public messages.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "okr/scoring/v1/resources.pb.h"
#include "services/scoring/domain/aggregate.h"
#include "services/scoring/domain/evaluation.h"
#include "services/scoring/domain/explanation.h"
#include "services/scoring/store/facts.h"

namespace okr::scoring {

v1::Status Render(Status status);
v1::Band Render(Band band);
v1::Verdict Render(Verdict verdict);
v1::ScoreState Render(ScoreState state);
Status DomainStatus(v1::Status status);

// What the message has no field for stands among the inputs: the commitment ("commitment") and the
// computed score of a graded part ("computed_score"), each with the part as its source, and the
// owner's grade ("grade") with the grader as its source.
v1::Explanation Render(const Explanation& explanation);

// `cycle` is a full name.
v1::KeyResultScore Render(const Policy& policy, const EvaluatedKeyResult& key_result,
                          const LastSaid& said, const std::optional<v1::Grade>& grade,
                          const std::string& cycle, absl::Time now);
v1::ObjectiveScore Render(const Policy& policy, const EvaluatedObjective& objective,
                          const std::string& name, Commitment commitment, const std::string& cycle,
                          absl::Time now);

// The counts, worst status first.
void RenderCounts(const std::map<Status, int>& counts,
                  google::protobuf::RepeatedPtrField<v1::StatusCount>& out);

}  // namespace okr::scoring
