#include "cli/render/tree.h"

#include "absl/strings/str_cat.h"

namespace okr::cli {
namespace {

void AppendChildren(const TreeNode& node, const std::string& indent, std::string* text) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size();
    absl::StrAppend(text, indent, last ? "└─ " : "├─ ", node.children[i].label, "\n");
    AppendChildren(node.children[i], indent + (last ? "   " : "│  "), text);
  }
}

}  // namespace

std::string RenderTree(const std::vector<TreeNode>& roots) {
  std::string text;
  for (const TreeNode& root : roots) {
    absl::StrAppend(&text, root.label, "\n");
    AppendChildren(root, "", &text);
  }
  return text;
}

}  // namespace okr::cli
