#include "cli/render/tree.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/text/words.h"

namespace okr::cli {
namespace {

struct Row {
  std::string text;  // Branches and label.
  std::string detail;
};

void AddChildren(const TreeNode& node, const std::string& indent, std::vector<Row>* rows) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    const TreeNode& child = node.children[i];
    const bool last = i + 1 == node.children.size();
    rows->push_back({absl::StrCat(indent, last ? "└─ " : "├─ ", child.label), child.detail});
    AddChildren(child, indent + (last ? "   " : "│  "), rows);
  }
}

}  // namespace

std::string RenderTree(const std::vector<TreeNode>& roots) {
  std::vector<Row> rows;
  for (const TreeNode& root : roots) {
    rows.push_back({root.label, root.detail});
    AddChildren(root, "", &rows);
  }
  size_t width = 0;
  for (const Row& row : rows) {
    if (!row.detail.empty()) width = std::max(width, DisplayWidth(row.text));
  }
  std::string text;
  for (const Row& row : rows) {
    const size_t used = DisplayWidth(row.text);
    const std::string gap(row.detail.empty() ? 0 : width - used + 2, ' ');
    absl::StrAppend(&text, row.text, gap, row.detail, "\n");
  }
  return text;
}

}  // namespace okr::cli
