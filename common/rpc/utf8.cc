#include "common/rpc/utf8.h"

#include <cstdint>

namespace okr::rpc {
namespace {

constexpr absl::string_view kCut = "...";

bool Between(absl::string_view text, size_t i, uint8_t min, uint8_t max) {
  if (i >= text.size()) return false;
  const auto byte = static_cast<uint8_t>(text[i]);
  return byte >= min && byte <= max;
}

bool IsContinuation(absl::string_view text, size_t i) { return Between(text, i, 0x80, 0xbf); }

size_t ThreeByteSize(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const uint8_t min = lead == 0xe0 ? 0xa0 : 0x80;  // No overlong forms.
  const uint8_t max = lead == 0xed ? 0x9f : 0xbf;  // No surrogates.
  return Between(text, 1, min, max) && IsContinuation(text, 2) ? 3 : 0;
}

size_t FourByteSize(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const uint8_t min = lead == 0xf0 ? 0x90 : 0x80;  // No overlong forms.
  const uint8_t max = lead == 0xf4 ? 0x8f : 0xbf;  // Not beyond U+10FFFF.
  return Between(text, 1, min, max) && IsContinuation(text, 2) && IsContinuation(text, 3) ? 4 : 0;
}

// The size of the character that `text` begins with; 0 if it is none.
size_t CharacterSize(absl::string_view text) {
  if (Between(text, 0, 0x00, 0x7f)) return 1;
  if (Between(text, 0, 0xc2, 0xdf)) return IsContinuation(text, 1) ? 2 : 0;
  if (Between(text, 0, 0xe0, 0xef)) return ThreeByteSize(text);
  if (Between(text, 0, 0xf0, 0xf4)) return FourByteSize(text);
  return 0;
}

}  // namespace

bool IsValidUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string ToShortText(absl::string_view text, size_t max_bytes) {
  std::string out;
  size_t last_fit = 0;  // Where "..." can still follow.
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    if (out.size() + (size == 0 ? 1 : size) > max_bytes) {
      out.resize(last_fit);
      return out.append(kCut.data(), kCut.size());
    }
    if (size == 0) {
      out += '?';
    } else {
      out.append(text.data(), size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
    if (out.size() + kCut.size() <= max_bytes) last_fit = out.size();
  }
  return out;
}

}  // namespace okr::rpc
