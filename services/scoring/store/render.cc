#include "services/scoring/store/render.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/resources/messages.h"
#include "services/scoring/domain/rounding.h"

namespace okr::scoring {
namespace {

void AddInput(const Input& input, v1::Explanation& out) {
  v1::ExplanationInput& added = *out.add_inputs();
  added.set_name(input.name);
  if (const double* number = std::get_if<double>(&input.value)) {
    added.set_number(*number);
  } else {
    added.set_text(std::get<std::string>(input.value));
  }
  if (input.time) *added.mutable_observed_time() = ToTimestamp(*input.time);
  added.set_source(input.source);
}

std::string Describe(const Clamp& clamp) {
  const auto end = [](const std::optional<double>& value, const char* open) {
    return value ? absl::StrFormat("%.17g", *value) : std::string(open);
  };
  return absl::StrCat(clamp.name, " clamped to [", end(clamp.lower, "-inf"), ", ",
                      end(clamp.upper, "inf"), "]");
}

void AddPart(const Part& part, v1::Explanation& out) {
  v1::ExplanationPart& added = *out.add_parts();
  added.set_name(part.name);
  added.set_weight(part.weight);
  if (part.value) added.set_value(*part.value);
  added.set_included(part.included);
  added.set_excluded_reason(part.left_out_because);
  if (!part.commitment.empty()) {
    AddInput({.name = "commitment", .value = part.commitment, .source = part.name}, out);
  }
  if (part.computed) {
    AddInput({.name = "computed_score", .value = *part.computed, .source = part.name}, out);
  }
}

void AddGrade(const GradeNote& grade, v1::Explanation& out) {
  Input input{.name = "grade", .time = grade.time, .source = grade.grader};
  if (grade.value) {
    input.value = *grade.value;
  } else {
    input.value = std::string("NOT_APPLICABLE");
  }
  AddInput(input, out);
  if (grade.computed) AddInput({.name = "computed_score", .value = *grade.computed}, out);
}

// The status with the numbers that it follows from, down to the times.
v1::Explanation RenderPace(const Pace& pace) {
  v1::Explanation out = Render(pace.status_explanation);
  for (const Explanation* part : {&pace.attainment_explanation, &pace.expected_explanation}) {
    for (const Input& input : part->inputs) AddInput(input, out);
    for (const Clamp& clamp : part->clamps) out.add_clamps(Describe(clamp));
  }
  return out;
}

// An ungraded LEARNING key result has left the scores only.
bool ShowsProgress(const KeyResultScore& score) {
  return score.left_out == LeftOut::kNot || score.left_out == LeftOut::kUngraded;
}

void RenderScore(const Policy& policy, const KeyResultScore& score, v1::KeyResultScore& out) {
  if (score.computed) out.set_computed_score(score.computed->value());
  out.set_state(Render(score.state));
  if (!score.score || score.left_out != LeftOut::kNot) return;
  out.set_score(score.score->value());
  out.set_band(Render(BandOf(policy, score.score->value())));
}

void RenderPace(const EvaluatedKeyResult& key_result, bool maintain, v1::KeyResultScore& out) {
  const Pace& pace = key_result.pace;
  out.set_status(Render(pace.status));
  out.set_expected(pace.expected);
  if (key_result.progress.measured && !maintain) out.set_attainment(pace.attainment);
  if (pace.stated && pace.stated->status != pace.status) {
    out.set_stated_status(Render(pace.stated->status));
    out.set_stated_status_reason(pace.stated->reason);
  }
}

}  // namespace

// The public enums begin with UNSPECIFIED; the rest stands in the order of the domain's.
v1::Status Render(Status status) { return static_cast<v1::Status>(static_cast<int>(status) + 1); }
v1::Band Render(Band band) { return static_cast<v1::Band>(static_cast<int>(band) + 1); }
v1::Verdict Render(Verdict verdict) {
  return static_cast<v1::Verdict>(static_cast<int>(verdict) + 1);
}
v1::ScoreState Render(ScoreState state) {
  return static_cast<v1::ScoreState>(static_cast<int>(state) + 1);
}
Status DomainStatus(v1::Status status) { return static_cast<Status>(static_cast<int>(status) - 1); }

v1::Explanation Render(const Explanation& explanation) {
  v1::Explanation out;
  out.set_formula(explanation.formula);
  out.set_policy(explanation.policy);
  for (const Input& input : explanation.inputs) AddInput(input, out);
  for (const Part& part : explanation.parts) AddPart(part, out);
  if (explanation.grade) AddGrade(*explanation.grade, out);
  if (explanation.result) out.set_result(*explanation.result);
  for (const Clamp& clamp : explanation.clamps) out.add_clamps(Describe(clamp));
  return out;
}

v1::KeyResultScore Render(const Policy& policy, const EvaluatedKeyResult& key_result,
                          const LastSaid& said, const std::optional<v1::Grade>& grade,
                          const std::string& cycle, absl::Time now) {
  const KeyResultProgress& progress = key_result.progress;
  v1::KeyResultScore out;
  out.set_key_result(key_result.name);
  out.set_cycle(cycle);
  if (ShowsProgress(key_result.score)) out.set_progress(progress.progress.value());
  if (progress.raw) out.set_raw_progress(*progress.raw);
  RenderScore(policy, key_result.score, out);
  if (grade) *out.mutable_grade() = *grade;
  RenderPace(key_result, key_result.share_inside.has_value(), out);
  if (said.confidence) out.set_confidence(*said.confidence);
  if (key_result.share_inside && key_result.share_inside->share) {
    out.set_time_in_range(*key_result.share_inside->share);
  }
  if (progress.counted) {
    if (progress.counted->value) out.set_value(*progress.counted->value);
    out.set_check_in(progress.counted->check_in);
  }
  *out.mutable_update_time() = ToTimestamp(now);
  out.set_policy(policy.version);
  *out.mutable_progress_explanation() = Render(progress.explanation);
  *out.mutable_score_explanation() = Render(key_result.score.explanation);
  *out.mutable_status_explanation() = RenderPace(key_result.pace);
  out.set_done(progress.done);
  return out;
}

v1::ObjectiveScore Render(const Policy& policy, const EvaluatedObjective& objective,
                          const std::string& name, Commitment commitment, const std::string& cycle,
                          absl::Time now) {
  const ObjectiveScore& score = objective.score;
  v1::ObjectiveScore out;
  out.set_objective(name);
  out.set_cycle(cycle);
  if (objective.progress.progress) out.set_progress(objective.progress.progress->value());
  if (score.score) {
    out.set_score(score.score->value());
    out.set_missed_promise(commitment == Commitment::kCommitted &&
                           score.state == ScoreState::kFinal &&
                           RoundForThreshold(score.score->value()) < 1.0);
  }
  out.set_state(Render(score.state));
  if (score.band) out.set_band(Render(*score.band));
  if (objective.status.status) out.set_status(Render(*objective.status.status));
  RenderCounts(objective.status.counts, *out.mutable_status_counts());
  out.set_incomplete(score.incomplete);
  *out.mutable_update_time() = ToTimestamp(now);
  out.set_policy(policy.version);
  *out.mutable_progress_explanation() = Render(objective.progress.explanation);
  *out.mutable_score_explanation() = Render(score.explanation);
  return out;
}

void RenderCounts(const std::map<Status, int>& counts,
                  google::protobuf::RepeatedPtrField<v1::StatusCount>& out) {
  for (const auto& [status, count] : counts) {
    v1::StatusCount& added = *out.Add();
    added.set_status(Render(status));
    added.set_count(count);
  }
}

}  // namespace okr::scoring
