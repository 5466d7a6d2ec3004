// What a key result achieved: computed, and graded by its owner.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/scoring/domain/explanation.h"
#include "services/scoring/domain/key_result.h"
#include "services/scoring/domain/numbers.h"
#include "services/scoring/domain/policy.h"
#include "services/scoring/domain/progress.h"

namespace okr::scoring {

// Final once the cycle is CLOSED; verdicts and missed promises use final scores only.
enum class ScoreState { kProvisional, kFinal };

// What the owner says in GRADING.
struct Grade {
  bool not_applicable = false;
  Score value;         // Unused if not applicable.
  std::string reason;  // Why otherwise than computed, or why not applicable.
  std::string lesson;  // What was learned; a LEARNING grade needs one.
  std::string grader;  // Resource name of the person.
  absl::Time time;
  bool operator==(const Grade&) const = default;
};

// INVALID_FIELDS naming every wrong field ("grade.reason", "grade.lesson", "grade.score") of a
// grade for a key result of this commitment: NOT_APPLICABLE and a grade other than LEARNING need a
// reason, a LEARNING grade needs a lesson, a COMMITTED grade is 0 or 1. Blanks are no text.
absl::Status ValidateGrade(const Grade& grade, Commitment commitment);

// Why a key result or objective is left out of a mean, its weight with it.
enum class LeftOut {
  kNot,
  kNotApplicable,
  kRetired,
  kDeleted,
  kDraft,
  kUngraded,     // LEARNING without a grade: leaves the mean of scores only.
  kNoProgress,   // An aligned objective that has none.
  kCarriedOver,  // Only the latest of a chain counts.
  kNoScore,
};
std::string Name(LeftOut left_out);

// Why `lifecycle` alone leaves something out.
LeftOut LeftOutBy(Lifecycle lifecycle);

struct KeyResultScore {
  Commitment commitment = Commitment::kAspirational;
  std::optional<Score> computed;  // Absent for LEARNING.
  std::optional<Grade> grade;
  std::optional<Score> score;  // What counts: the grade, else the computed one.
  LeftOut left_out = LeftOut::kNot;
  ScoreState state = ScoreState::kProvisional;
  Explanation explanation;  // Of `score`.
};

// The score of a key result with this progress. `commitment` is the effective one; `grade` is valid
// for it, or absent.
KeyResultScore ComputeScore(const Policy& policy, const KeyResult& key_result,
                            Commitment commitment, const KeyResultProgress& progress,
                            const std::optional<Grade>& grade, ScoreState state);

}  // namespace okr::scoring
