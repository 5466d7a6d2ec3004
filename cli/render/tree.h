// Trees in box-drawing characters.
#pragma once

#include <string>
#include <vector>

namespace okr::cli {

struct TreeNode {
  std::string label;  // One line; may have colours.
  std::vector<TreeNode> children;
  std::string detail = "";  // Behind the label; all details of a tree stand below each other.
};

// The roots one below the other, each with its branches:
//   Grow
//   ├─ Sell more
//   │  └─ Enter Spain
//   └─ Keep them
std::string RenderTree(const std::vector<TreeNode>& roots);

}  // namespace okr::cli
