#include "services/scoring/transport/hiding.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace okr::scoring {

void HideScore(v1::KeyResultScore& score) {
  score.clear_score();
  score.clear_computed_score();
  score.clear_grade();
  score.clear_band();
  score.clear_score_explanation();
}

void HideScore(v1::ObjectiveScore& score) {
  score.clear_score();
  score.clear_band();
  score.clear_missed_promise();
  score.clear_score_explanation();
}

void HideParts(const std::function<bool(absl::string_view name)>& visible,
               v1::Explanation& explanation) {
  for (int i = 0; i < explanation.parts_size(); ++i) {
    v1::ExplanationPart& part = *explanation.mutable_parts(i);
    if (visible(part.name())) continue;
    const std::string number = absl::StrCat("part ", i + 1);
    for (v1::ExplanationInput& input : *explanation.mutable_inputs()) {
      if (input.source() == part.name()) input.set_source(number);
    }
    part.set_name(number);
    part.clear_excluded_reason();
  }
}

}  // namespace okr::scoring
