#include "services/scoring/domain/explanation.h"

namespace okr::scoring {

Explanation HideParts(Explanation explanation,
                      const std::function<bool(absl::string_view name)>& visible) {
  for (Part& part : explanation.parts) {
    if (visible(part.name)) continue;
    part = Part{.weight = part.weight,
                .value = part.value,
                .included = part.included,
                .commitment = part.commitment};
  }
  return explanation;
}

}  // namespace okr::scoring
