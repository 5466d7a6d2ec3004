// The picture of what serves what in one cycle.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/resources/resources.h"

namespace okr::goals {

struct TreeNode {
  const Objective* objective = nullptr;
  std::vector<size_t> children;  // Indexes of nodes, in the order of names.
  int depth = 0;                 // Levels below the nearest root.
};

struct Tree {
  std::vector<TreeNode> nodes;  // Level by level, in the order of names on each.
  std::vector<size_t> roots;
};

// The tree of `objectives`, which are those of one cycle that the reader may see, by `root` or, if
// that is empty, by all that serve none of them. `depth` levels; all if 0. An objective that serves
// several others stands once.
Tree MakeTree(const std::vector<const Objective*>& objectives,
              const std::optional<ObjectiveName>& root, int depth);

}  // namespace okr::goals
