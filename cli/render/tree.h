// Trees in box-drawing characters.
#pragma once

#include <string>
#include <vector>

namespace okr::cli {

struct TreeNode {
  std::string label;  // One line.
  std::vector<TreeNode> children;
};

// The roots one below the other, each with its branches:
//   Grow
//   ├─ Sell more
//   │  └─ Enter Spain
//   └─ Keep them
std::string RenderTree(const std::vector<TreeNode>& roots);

}  // namespace okr::cli
