#include "cli/render/table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/text/words.h"

namespace okr::cli {
namespace {

constexpr size_t kGap = 2;

std::string Padded(const Cell& cell, size_t width, bool right, bool colours) {
  const size_t used = DisplayWidth(cell.text);
  const std::string blanks(width > used ? width - used : 0, ' ');
  const std::string painted = Paint(cell.text, cell.colour, colours);
  return right ? blanks + painted : painted + blanks;
}

}  // namespace

std::string Table::ToText(bool colours) const {
  std::vector<std::vector<Cell>> lines;
  lines.emplace_back();
  for (const std::string& heading : headings_) {
    lines[0].emplace_back(absl::AsciiStrToUpper(heading), Colour::kBold);
  }
  for (const std::vector<Cell>& row : rows_) {
    std::vector<Cell> line;
    for (const Cell& cell : row)
      line.emplace_back(FitTo(OneLine(cell.text), max_width_), cell.colour);
    lines.push_back(std::move(line));
  }
  std::vector<size_t> widths(headings_.size(), 0);
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(line[i].text));
    }
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (size_t i = 0; i < line.size(); ++i) {
      const bool right = std::find(right_.begin(), right_.end(), i) != right_.end();
      // The last column needs no blanks behind it.
      const bool last = i + 1 == line.size();
      absl::StrAppend(&row, Padded(line[i], last && !right ? 0 : widths[i], right, colours),
                      last ? "" : std::string(kGap, ' '));
    }
    absl::StripTrailingAsciiWhitespace(&row);
    absl::StrAppend(&text, row, "\n");
  }
  return text;
}

}  // namespace okr::cli
