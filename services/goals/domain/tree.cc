#include "services/goals/domain/tree.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace okr::goals {
namespace {

bool ByName(const Objective* a, const Objective* b) { return a->name < b->name; }

// Who serves whom, among the given ones.
class Graph {
 public:
  explicit Graph(const std::vector<const Objective*>& objectives) {
    for (const Objective* objective : objectives) by_name_[objective->name] = objective;
    for (const auto& [name, objective] : by_name_) {
      std::set<ObjectiveName> parents;  // Once, though it may serve several of its key results.
      for (const Alignment& alignment : objective->alignments) {
        parents.insert(alignment.parent_objective());
      }
      for (const ObjectiveName& parent : parents) {
        if (!by_name_.contains(parent)) continue;
        children_[parent].push_back(objective);
        served_.insert(name);
      }
    }
  }

  std::vector<const Objective*> Roots(const std::optional<ObjectiveName>& root) const {
    std::vector<const Objective*> roots;
    for (const auto& [name, objective] : by_name_) {
      if (root ? name == *root : !served_.contains(name)) roots.push_back(objective);
    }
    return roots;
  }

  const std::vector<const Objective*>& ChildrenOf(const Objective& objective) const {
    static const auto& none = *new std::vector<const Objective*>();
    const auto found = children_.find(objective.name);
    return found == children_.end() ? none : found->second;
  }

 private:
  std::map<ObjectiveName, const Objective*> by_name_;
  std::map<ObjectiveName, std::vector<const Objective*>> children_;  // In the order of names.
  std::set<ObjectiveName> served_;  // Those that serve another one.
};

}  // namespace

Tree MakeTree(const std::vector<const Objective*>& objectives,
              const std::optional<ObjectiveName>& root, int depth) {
  const Graph graph(objectives);
  Tree tree;
  std::map<const Objective*, size_t> index;
  std::vector<const Objective*> level = graph.Roots(root);
  for (int at = 0; !level.empty() && (depth == 0 || at < depth); ++at) {
    std::set<const Objective*> next;
    for (const Objective* objective : level) {
      index[objective] = tree.nodes.size();
      tree.nodes.push_back({.objective = objective, .depth = at});
    }
    for (const Objective* objective : level) {
      for (const Objective* child : graph.ChildrenOf(*objective)) {
        if (!index.contains(child)) next.insert(child);
      }
    }
    level.assign(next.begin(), next.end());
    std::sort(level.begin(), level.end(), ByName);
  }
  for (TreeNode& node : tree.nodes) {
    if (node.depth == 0) tree.roots.push_back(index.at(node.objective));
    for (const Objective* child : graph.ChildrenOf(*node.objective)) {
      if (const auto found = index.find(child); found != index.end()) {
        node.children.push_back(found->second);
      }
    }
  }
  return tree;
}

}  // namespace okr::goals
