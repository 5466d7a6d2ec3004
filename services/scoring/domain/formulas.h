// The formulas that an explanation can name, each said exactly enough to be recomputed in IEEE
// doubles without contraction, operations in the order in which they are written. A formula never
// changes: a new one gets a new number.
#pragma once

#include <array>

#include "absl/strings/string_view.h"

namespace okr::scoring {

struct Formula {
  const char* id;  // Not a view: UBSan makes the address of an inline array no constant for g++.
  absl::string_view definition;
};

namespace formula {

inline constexpr char kUnmeasuredProgress[] = "unmeasured_progress/1";
inline constexpr char kNoTargetProgress[] = "no_target_progress/1";
inline constexpr char kMetricProgress[] = "metric_progress/1";
inline constexpr char kMetricPercentProgress[] = "metric_percent_progress/1";
inline constexpr char kMaintainProgress[] = "maintain_progress/1";
inline constexpr char kMilestonesProgress[] = "milestones_progress/1";
inline constexpr char kShareInside[] = "share_inside/1";
inline constexpr char kAspirationalScore[] = "aspirational_score/1";
inline constexpr char kCommittedScore[] = "committed_score/1";
inline constexpr char kLearningScore[] = "learning_score/1";
inline constexpr char kGradedScore[] = "graded_score/1";
inline constexpr char kObjectiveScore[] = "objective_score/1";
inline constexpr char kCommittedObjectiveScore[] = "committed_objective_score/1";
inline constexpr char kObjectiveProgress[] = "objective_progress/1";
inline constexpr char kAggregateScore[] = "aggregate_score/1";
inline constexpr char kAggregateProgress[] = "aggregate_progress/1";
inline constexpr char kVerdict[] = "verdict/1";
inline constexpr char kExpected[] = "expected/1";
inline constexpr char kAttainment[] = "attainment/1";
inline constexpr char kStatus[] = "status/1";

}  // namespace formula

// "Weighted mean": over the parts that are included, in the order given, a = a + weight * value and
// w = w + weight, both from 0; then a / w. "rounded(x)": round(x * 1e9) / 1e9, half away from zero.
inline constexpr std::array<Formula, 20> kFormulas = {{
    {formula::kUnmeasuredProgress, "0: there is no check-in that counts"},
    {formula::kNoTargetProgress, "0: no usable target stands yet"},
    {formula::kMetricProgress,
     "q = (value - baseline) / (target - baseline); each clamp in turn, from q on"},
    {formula::kMetricPercentProgress,
     "t = baseline + baseline * target_change_percent / 100; q = (value - baseline) / (t - "
     "baseline); each clamp in turn, from q on"},
    {formula::kMaintainProgress,
     "1 if value >= lower (where given) and value <= upper (where given), else 0"},
    {formula::kMilestonesProgress, "weighted mean of the milestones, 1 for done and 0 for open"},
    {formula::kShareInside,
     "weighted mean over the measurements: weight is for how many microseconds it stood, value 1 "
     "inside the range and 0 outside"},
    {formula::kAspirationalScore, "progress"},
    {formula::kCommittedScore, "1 if done is 1, else 0"},
    {formula::kLearningScore, "none: only the owner's own grade scores it"},
    {formula::kGradedScore, "the owner's grade; none for NOT_APPLICABLE"},
    {formula::kObjectiveScore, "weighted mean of the key results' scores; none without parts"},
    {formula::kCommittedObjectiveScore,
     "none if no part is included; 0 if an included COMMITTED part is below 1; else the weighted "
     "mean of the included parts that are not COMMITTED, 1 if there are none"},
    {formula::kObjectiveProgress,
     "weighted mean of the progress of key results, then of aligned objectives; none without "
     "parts"},
    {formula::kAggregateScore, "weighted mean of the objectives' scores, each of weight 1"},
    {formula::kAggregateProgress, "weighted mean of the objectives' progress, each of weight 1"},
    {formula::kVerdict,
     "weighted mean of the parts; the name of the first rule that rounded(mean) fits: up_to:NAME "
     "ends with its number, below:NAME before it; none for fewer parts than min_objectives"},
    {formula::kExpected, "q = elapsed_microseconds / total_microseconds; the clamp"},
    {formula::kAttainment,
     "progress / expected; while rounded(expected) < early_below: early_wrong_way if raw_progress "
     "is given and negative, else early_attainment"},
    {formula::kStatus,
     "the first that fits: DONE if done is 1 and kind is not MAINTAIN; STALE if stale is 1; "
     "UNMEASURED if measured is 0; for MAINTAIN ON_TRACK if done is 1, else OFF_TRACK; ON_TRACK if "
     "rounded(attainment) >= on_track; AT_RISK if rounded(attainment) >= at_risk; OFF_TRACK"},
}};

}  // namespace okr::scoring
