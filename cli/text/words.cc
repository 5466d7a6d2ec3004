#include "cli/text/words.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace okr::cli {
namespace {

struct CodePoint {
  uint32_t value;
  size_t bytes;
};

constexpr uint32_t kReplacement = 0xFFFD;

// The code point at the beginning of `text`, which is not empty; a byte that belongs to none counts
// as kReplacement.
CodePoint First(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const size_t bytes = byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || bytes > text.size()) return {kReplacement, 1};
  uint32_t value = byte(0) & (0x7F >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kReplacement, 1};
    value = value << 6 | (byte(i) & 0x3F);
  }
  const uint32_t least = bytes == 2 ? 0x80 : bytes == 3 ? 0x800 : 0x10000;
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least || value > 0x10FFFF || surrogate) return {kReplacement, 1};
  return {value, bytes};
}

// Whether it stands for a byte that is no character; U+FFFD itself has three bytes.
bool IsWrong(const CodePoint& point) { return point.value == kReplacement && point.bytes == 1; }

size_t WidthOf(uint32_t c) {
  if ((c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || (c >= 0xFE00 && c <= 0xFE0F)) {
    return 0;
  }
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    // A colour code is "ESC [ 31 m".
    if (absl::StartsWith(text, "\x1B[") && text.find('m') != text.npos) {
      text.remove_prefix(text.find('m') + 1);
      continue;
    }
    const CodePoint first = First(text);
    width += WidthOf(first.value);
    text.remove_prefix(first.bytes);
  }
  return width;
}

std::string FitTo(absl::string_view text, size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  std::string fitting;
  size_t used = 0;
  while (!text.empty()) {
    const CodePoint first = First(text);
    if (used + WidthOf(first.value) + 1 > width) break;
    used += WidthOf(first.value);
    absl::StrAppend(&fitting, text.substr(0, first.bytes));
    text.remove_prefix(first.bytes);
  }
  return absl::StrCat(fitting, "…");
}

std::optional<size_t> FindWrongByte(absl::string_view text) {
  for (size_t place = 0; place < text.size();) {
    const CodePoint first = First(text.substr(place));
    if (IsWrong(first)) return place;
    place += first.bytes;
  }
  return std::nullopt;
}

std::string OneLine(absl::string_view text) {
  std::string line;
  while (!text.empty()) {
    const CodePoint first = First(text);
    // On an old terminal a byte that is no character may be a control character.
    const bool control =
        first.value < 0x20 || (first.value >= 0x7F && first.value < 0xA0) || IsWrong(first);
    absl::StrAppend(&line, control ? absl::string_view(" ") : text.substr(0, first.bytes));
    text.remove_prefix(first.bytes);
  }
  return line;
}

std::optional<std::string> Nearest(absl::string_view word, const std::vector<std::string>& known) {
  const std::string lower = absl::AsciiStrToLower(word);
  std::optional<std::string> nearest;
  size_t best = (word.size() < 4 ? 1 : std::max<size_t>(2, word.size() / 3)) + 1;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(lower, absl::AsciiStrToLower(candidate));
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string DidYouMean(absl::string_view word, const std::vector<std::string>& known) {
  const auto nearest = Nearest(word, known);
  return nearest.has_value() ? absl::StrCat("; did you mean \"", *nearest, "\"?") : "";
}

}  // namespace okr::cli
