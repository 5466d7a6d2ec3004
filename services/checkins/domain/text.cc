#include "services/checkins/domain/text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace okr::checkins {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool IsWhiteSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool IsForbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && !IsWhiteSpace(c)) || byte == 0x7F;
}

size_t CountCharacters(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

}  // namespace

void CheckText(absl::string_view field, absl::string_view text, const TextRule& rule,
               Violations& violations) {
  if (rule.required && std::all_of(text.begin(), text.end(), IsWhiteSpace)) {
    violations.Add(field, absl::StrCat("is empty; expected 1 to ", rule.max, " characters"));
    return;
  }
  if (const size_t characters = CountCharacters(text); characters > rule.max) {
    violations.Add(
        field, absl::StrCat("has ", characters, " characters; at most ", rule.max, " are allowed"));
  }
  const auto forbidden = std::find_if(text.begin(), text.end(), IsForbidden);
  if (forbidden != text.end()) {
    violations.Add(field, absl::StrFormat("has the control character U+%04X; only line breaks and "
                                          "tabs are allowed",
                                          static_cast<unsigned char>(*forbidden)));
  }
}

}  // namespace okr::checkins
