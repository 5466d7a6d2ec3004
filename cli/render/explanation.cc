#include "cli/render/explanation.h"

#include "absl/strings/str_cat.h"
#include "cli/render/fields.h"
#include "cli/render/status.h"
#include "cli/resources/kinds.h"
#include "cli/text/numbers.h"
#include "cli/text/words.h"

namespace okr::cli {
namespace {

using scoring::v1::Explanation;
using scoring::v1::ExplanationInput;
using scoring::v1::ExplanationPart;

std::string ValueText(const ExplanationInput& input) {
  switch (input.kind_case()) {
    case ExplanationInput::kNumber:
      return Shortest(input.number());
    case ExplanationInput::kText:
      return OneLine(input.text());
    case ExplanationInput::kTime:
      return TimeText(input.time().seconds());
    default:
      return "absent";
  }
}

TreeNode InputNode(const ExplanationInput& input) {
  std::string label = absl::StrCat(input.name(), " = ", ValueText(input));
  if (input.has_observed_time())
    absl::StrAppend(&label, ", as of ", TimeText(input.observed_time().seconds()));
  if (!input.source().empty()) absl::StrAppend(&label, ", from ", ShortName(input.source()));
  return {label, {}};
}

TreeNode PartNode(const ExplanationPart& part) {
  std::string label = absl::StrCat(ShortName(part.name()), ": ",
                                   part.has_value() ? Shortest(part.value()) : "no value");
  if (part.included()) {
    absl::StrAppend(&label, " × weight ", Shortest(part.weight()));
  } else {
    absl::StrAppend(&label, ", left out: ",
                    part.excluded_reason().empty() ? "no reason given" : part.excluded_reason());
  }
  return {label, {}};
}

}  // namespace

TreeNode ExplanationTree(absl::string_view what, const Explanation& explanation) {
  TreeNode tree;
  tree.label = absl::StrCat(
      what, " ", explanation.has_result() ? Shortest(explanation.result()) : "has no number");
  if (!explanation.formula().empty()) absl::StrAppend(&tree.label, ", by ", explanation.formula());
  if (!explanation.policy().empty()) absl::StrAppend(&tree.label, " of ", explanation.policy());
  for (const ExplanationInput& input : explanation.inputs()) {
    tree.children.push_back(InputNode(input));
  }
  for (const ExplanationPart& part : explanation.parts()) tree.children.push_back(PartNode(part));
  for (const std::string& clamp : explanation.clamps()) tree.children.push_back({clamp, {}});
  return tree;
}

}  // namespace okr::cli
