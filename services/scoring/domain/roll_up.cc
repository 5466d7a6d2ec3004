#include "services/scoring/domain/roll_up.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::scoring {
namespace {

absl::Status AlignmentCycle(const std::string& name) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("the alignment of ", name, " leads back to itself; remove one alignment"),
      {.reason = "ALIGNMENT_CYCLE", .metadata = {{"objective", name}}});
}

class RollUpComputation {
 public:
  RollUpComputation(const Policy& policy, const std::vector<RollUpNode>& nodes) : policy_(policy) {
    for (const RollUpNode& node : nodes) nodes_[node.name] = &node;
  }

  absl::StatusOr<std::map<std::string, ObjectiveProgress>> Run() {
    for (const auto& [name, node] : nodes_) OKR_RETURN_IF_ERROR(Visit(node));
    return std::move(done_);
  }

 private:
  struct Frame {
    const RollUpNode* node;
    size_t next_child = 0;
  };

  // Depth first with a stack of its own: a chain of 100,000 objectives must not end the process.
  absl::Status Visit(const RollUpNode* root) {
    std::vector<Frame> path;
    OKR_RETURN_IF_ERROR(Enter(root, path));
    while (!path.empty()) {
      Frame& top = path.back();
      if (top.next_child < top.node->aligned.size()) {
        const auto child = nodes_.find(top.node->aligned[top.next_child++].child);
        if (child != nodes_.end()) OKR_RETURN_IF_ERROR(Enter(child->second, path));
        continue;
      }
      done_[top.node->name] = Compute(*top.node);
      open_[top.node->name] = false;
      path.pop_back();
    }
    return absl::OkStatus();
  }

  absl::Status Enter(const RollUpNode* node, std::vector<Frame>& path) {
    if (done_.contains(node->name)) return absl::OkStatus();
    if (std::exchange(open_[node->name], true)) return AlignmentCycle(node->name);
    path.push_back({node});
    return absl::OkStatus();
  }

  ObjectiveProgress Compute(const RollUpNode& node) const {
    std::vector<AlignedPart> aligned;
    for (const Alignment& alignment : node.aligned) {
      const auto child = nodes_.find(alignment.child);
      if (child == nodes_.end()) continue;
      aligned.push_back({.name = alignment.child,
                         .weight = alignment.weight,
                         .progress = done_.at(alignment.child).progress,
                         .lifecycle = child->second->lifecycle,
                         .carried_over = child->second->carried_over});
    }
    return ComputeObjectiveProgress(policy_, node.name, node.key_results, node.roll_up, aligned);
  }

  const Policy& policy_;
  std::map<std::string, const RollUpNode*> nodes_;
  std::map<std::string, ObjectiveProgress> done_;
  std::map<std::string, bool> open_;  // On the path that is being followed.
};

}  // namespace

absl::StatusOr<std::map<std::string, ObjectiveProgress>> ComputeRollUp(
    const Policy& policy, const std::vector<RollUpNode>& nodes) {
  return RollUpComputation(policy, nodes).Run();
}

}  // namespace okr::scoring
