#include "services/scoring/domain/score.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "services/scoring/domain/formulas.h"

namespace okr::scoring {
namespace {

bool Blank(absl::string_view text) { return absl::StripAsciiWhitespace(text).empty(); }

std::optional<Score> ComputedScore(Commitment commitment, const KeyResultProgress& progress) {
  switch (commitment) {
    case Commitment::kAspirational:
      return Score::Clamped(progress.progress.value());
    case Commitment::kCommitted:
      return Score::Clamped(progress.done ? 1.0 : 0.0);
    case Commitment::kLearning:
      return std::nullopt;
  }
  return std::nullopt;
}

LeftOut LeavesMean(const KeyResult& key_result, const KeyResultScore& score) {
  const LeftOut by_lifecycle = LeftOutBy(key_result.lifecycle);
  if (by_lifecycle != LeftOut::kNot) return by_lifecycle;
  if (score.grade && score.grade->not_applicable) return LeftOut::kNotApplicable;
  return score.score ? LeftOut::kNot : LeftOut::kUngraded;
}

void ExplainComputed(const KeyResultScore& score, const KeyResultProgress& progress,
                     Explanation& explanation) {
  switch (score.commitment) {
    case Commitment::kAspirational:
      explanation.formula = formula::kAspirationalScore;
      explanation.inputs.push_back({"progress", progress.progress.value()});
      return;
    case Commitment::kCommitted:
      explanation.formula = formula::kCommittedScore;
      explanation.inputs.push_back({"done", progress.done ? 1.0 : 0.0});
      return;
    case Commitment::kLearning:
      explanation.formula = formula::kLearningScore;
      return;
  }
}

GradeNote NoteOf(const Grade& grade, const std::optional<Score>& computed) {
  GradeNote note{
      .reason = grade.reason, .lesson = grade.lesson, .grader = grade.grader, .time = grade.time};
  if (!grade.not_applicable) note.value = grade.value.value();
  if (computed) note.computed = computed->value();
  return note;
}

void Explain(const KeyResultProgress& progress, KeyResultScore& score) {
  Explanation& explanation = score.explanation;
  ExplainComputed(score, progress, explanation);
  explanation.inputs.push_back({"commitment", Name(score.commitment)});
  if (score.grade) {
    explanation.formula = formula::kGradedScore;
    explanation.grade = NoteOf(*score.grade, score.computed);
  }
  if (score.score) explanation.result = score.score->value();
  if (!score.score) explanation.absent_because = Name(score.left_out);
}

}  // namespace

absl::Status ValidateGrade(const Grade& grade, Commitment commitment) {
  Violations violations;
  const bool learning = commitment == Commitment::kLearning && !grade.not_applicable;
  if (!learning && Blank(grade.reason)) {
    violations.Add("grade.reason", "is missing; say why it is graded so");
  }
  if (learning && Blank(grade.lesson)) {
    violations.Add("grade.lesson", "is missing; a learning key result is graded with its lesson");
  }
  const double value = grade.value.value();
  if (commitment == Commitment::kCommitted && !grade.not_applicable && value != 0.0 &&
      value != 1.0) {
    violations.Add("grade.score", absl::StrCat("is ", value, "; a promise is graded 0 or 1"));
  }
  return violations.ToStatus();
}

std::string Name(LeftOut left_out) {
  switch (left_out) {
    case LeftOut::kNot:
      return "";
    case LeftOut::kNotApplicable:
      return "NOT_APPLICABLE";
    case LeftOut::kRetired:
      return "RETIRED";
    case LeftOut::kDeleted:
      return "DELETED";
    case LeftOut::kDraft:
      return "DRAFT";
    case LeftOut::kUngraded:
      return "UNGRADED";
    case LeftOut::kNoProgress:
      return "NO_PROGRESS";
    case LeftOut::kCarriedOver:
      return "CARRIED_OVER";
    case LeftOut::kNoScore:
      return "NO_SCORE";
  }
  return "";
}

LeftOut LeftOutBy(Lifecycle lifecycle) {
  switch (lifecycle) {
    case Lifecycle::kActive:
      return LeftOut::kNot;
    case Lifecycle::kDraft:
      return LeftOut::kDraft;
    case Lifecycle::kRetired:
      return LeftOut::kRetired;
    case Lifecycle::kDeleted:
      return LeftOut::kDeleted;
  }
  return LeftOut::kNot;
}

KeyResultScore ComputeScore(const Policy& policy, const KeyResult& key_result,
                            Commitment commitment, const KeyResultProgress& progress,
                            const std::optional<Grade>& grade, ScoreState state) {
  KeyResultScore score{.commitment = commitment,
                       .computed = ComputedScore(commitment, progress),
                       .grade = grade,
                       .state = state};
  score.score = score.computed;
  if (grade) score.score = grade->not_applicable ? std::nullopt : std::optional(grade->value);
  score.left_out = LeavesMean(key_result, score);
  score.explanation.policy = policy.version;
  score.explanation.subject = key_result.name;
  Explain(progress, score);
  return score;
}

}  // namespace okr::scoring
