// Tables for terminals.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/render/style.h"

namespace okr::cli {

struct Cell {
  Cell(absl::string_view text) : text(text) {}       // NOLINT: a cell is mostly a text.
  Cell(const char* text) : text(text) {}             // NOLINT
  Cell(std::string text) : text(std::move(text)) {}  // NOLINT
  Cell(absl::string_view text, Colour colour) : text(text), colour(colour) {}

  std::string text;
  Colour colour = Colour::kNone;
};

// Columns are as wide as their widest cell; what has line breaks or control characters is made one
// line, and cut after `max_width` columns.
class Table {
 public:
  explicit Table(std::vector<std::string> headings, size_t max_width = 60)
      : headings_(std::move(headings)), max_width_(max_width) {}

  // As many cells as there are headings.
  void Add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  // Numbers stand to the right.
  void AlignRight(size_t column) { right_.push_back(column); }
  bool empty() const { return rows_.empty(); }

  // Lines that each end in '\n', without blanks at their ends.
  std::string ToText(bool colours) const;

 private:
  std::vector<std::string> headings_;
  size_t max_width_;
  std::vector<size_t> right_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace okr::cli
