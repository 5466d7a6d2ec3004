#include "cli/render/objective_tree.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/render/status.h"
#include "cli/render/tree.h"
#include "cli/resources/kinds.h"
#include "cli/text/numbers.h"
#include "cli/text/words.h"

namespace okr::cli {
namespace {

using goals::v1::AlignmentNode;
using goals::v1::GetAlignmentTreeResponse;
using goals::v1::KeyResult;
using goals::v1::Objective;
using goals::v1::ScoreSummary;

std::string Measured(const ScoreSummary& summary, bool colours) {
  std::vector<std::string> parts;
  const auto progress = ProgressOf(summary);
  parts.push_back(Paint(progress.has_value() ? ProgressBar(*progress) : "··········",
                        StatusColour(summary.status()), colours));
  parts.push_back(absl::StrFormat("%5s", PercentText(progress)));
  const std::string status = summary.status() == scoring::v1::STATUS_UNSPECIFIED
                                 ? "no status"
                                 : StatusWord(summary.status());
  parts.push_back(Paint(absl::StrFormat("%-10s", status), StatusColour(summary.status()), colours));
  if (summary.has_score()) {
    const bool final = summary.score_state() == scoring::v1::SCORE_STATE_FINAL;
    parts.push_back(absl::StrCat(final ? "score " : "so far ", TwoDecimals(summary.score())));
  } else {
    parts.emplace_back(summary.score_state() == scoring::v1::SCORE_STATE_FINAL ? 10 : 11, ' ');
  }
  return absl::StrJoin(parts, "  ");
}

// What is worth saying only when it is not the usual.
std::string Remarks(const Objective& objective) {
  std::vector<std::string> remarks;
  if (objective.commitment() == goals::v1::COMMITMENT_COMMITTED) remarks.emplace_back("committed");
  if (objective.commitment() == goals::v1::COMMITMENT_LEARNING) remarks.emplace_back("learning");
  if (objective.visibility() == goals::v1::VISIBILITY_PRIVATE) remarks.emplace_back("private");
  if (objective.state() == goals::v1::OBJECTIVE_STATE_DRAFT) remarks.emplace_back("draft");
  if (objective.state() == goals::v1::OBJECTIVE_STATE_RETIRED) remarks.emplace_back("retired");
  return remarks.empty() ? "" : absl::StrCat(" (", absl::StrJoin(remarks, ", "), ")");
}

class Builder {
 public:
  Builder(const GetAlignmentTreeResponse& tree, bool colours) : tree_(tree), colours_(colours) {}

  TreeNode Build(int index) {
    const AlignmentNode& node = tree_.nodes(index);
    const Objective& objective = node.objective();
    const std::string title = Paint(OneLine(objective.title()), Colour::kBold, colours_);
    if (!shown_.insert(index).second) {
      return {absl::StrCat(title, Paint("  (see above)", Colour::kGrey, colours_)), {}};
    }
    TreeNode built;
    built.label = absl::StrCat(title, Remarks(objective));
    built.detail = absl::StrCat(
        Measured(objective.score_summary(), colours_), "  ",
        Paint(absl::StrCat(ShortName(objective.owner()), "  ", ShortName(objective.name())),
              Colour::kGrey, colours_));
    for (const KeyResult& key_result : node.key_results()) {
      built.children.push_back(KeyResultNode(key_result));
    }
    for (const int child : node.children()) {
      if (child >= 0 && child < tree_.nodes_size()) built.children.push_back(Build(child));
    }
    return built;
  }

 private:
  TreeNode KeyResultNode(const KeyResult& key_result) const {
    const bool retired = key_result.state() == goals::v1::KEY_RESULT_STATE_RETIRED;
    return {.label = absl::StrCat("• ", OneLine(key_result.title()), retired ? " (retired)" : ""),
            .detail = absl::StrCat(Measured(key_result.score_summary(), colours_), "  ",
                                   Paint(ShortName(key_result.name()), Colour::kGrey, colours_))};
  }

  const GetAlignmentTreeResponse& tree_;
  const bool colours_;
  std::set<int> shown_;
};

}  // namespace

std::string RenderObjectiveTree(const GetAlignmentTreeResponse& tree, bool colours) {
  Builder builder(tree, colours);
  std::vector<TreeNode> roots;
  for (const int root : tree.roots()) {
    if (root >= 0 && root < tree.nodes_size()) roots.push_back(builder.Build(root));
  }
  return RenderTree(roots);
}

}  // namespace okr::cli
