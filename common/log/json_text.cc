#include "common/log/json_text.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace okr::log {
namespace {

struct Utf8Form {
  uint8_t lead_min;
  uint8_t lead_max;
  uint8_t second_min;  // Narrower than 0x80..0xbf where overlong forms and surrogates lie.
  uint8_t second_max;
  size_t size;
};

constexpr Utf8Form kForms[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

uint8_t ByteAt(absl::string_view text, size_t i) { return static_cast<uint8_t>(text[i]); }

bool IsContinuation(uint8_t byte) { return byte >= 0x80 && byte <= 0xbf; }

// The size of the valid sequence of several bytes that `text` begins with; 0 if there is none.
size_t SequenceSize(absl::string_view text) {
  for (const Utf8Form& form : kForms) {
    if (ByteAt(text, 0) < form.lead_min || ByteAt(text, 0) > form.lead_max) continue;
    if (text.size() < form.size) return 0;
    if (ByteAt(text, 1) < form.second_min || ByteAt(text, 1) > form.second_max) return 0;
    for (size_t i = 2; i < form.size; ++i) {
      if (!IsContinuation(ByteAt(text, i))) return 0;
    }
    return form.size;
  }
  return 0;
}

void AppendAscii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) {
    absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(static_cast<uint8_t>(c)));
  } else {
    out += c;
  }
}

}  // namespace

void AppendJsonString(std::string& out, absl::string_view text) {
  out += '"';
  while (!text.empty()) {
    size_t size = 1;
    if (ByteAt(text, 0) < 0x80) {
      AppendAscii(out, text[0]);
    } else if (const size_t sequence = SequenceSize(text); sequence > 0) {
      size = sequence;
      absl::StrAppend(&out, text.substr(0, size));
    } else {
      out += "\\ufffd";
    }
    text.remove_prefix(size);
  }
  out += '"';
}

}  // namespace okr::log
