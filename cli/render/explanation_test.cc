#include "cli/render/explanation.h"

#include <gtest/gtest.h>

namespace okr::cli {
namespace {

TEST(ExplanationTree, ShowsInputsPartsAndClamps) {
  scoring::v1::Explanation explanation;
  explanation.set_formula("weighted_mean/1");
  explanation.set_policy("okr-v1");
  explanation.set_result(0.125);
  auto& input = *explanation.add_inputs();
  input.set_name("value");
  input.set_number(12.5);
  input.set_source("organizations/acme/objectives/grow/keyResults/nps/checkIns/c1");
  auto& part = *explanation.add_parts();
  part.set_name("organizations/acme/objectives/grow/keyResults/nps");
  part.set_weight(2);
  part.set_value(0.5);
  part.set_included(true);
  auto& excluded = *explanation.add_parts();
  excluded.set_name("part 2");
  excluded.set_excluded_reason("RETIRED");
  explanation.add_clamps("progress clamped to [0, 1]");
  EXPECT_EQ(RenderTree({ExplanationTree("score", explanation)}),
            "score 0.125, by weighted_mean/1 of okr-v1\n"
            "├─ value = 12.5, from grow/nps/c1\n"
            "├─ grow/nps: 0.5 × weight 2\n"
            "├─ part 2: no value, left out: RETIRED\n"
            "└─ progress clamped to [0, 1]\n");
}

}  // namespace
}  // namespace okr::cli
