#include "services/goals/domain/text.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace okr::goals {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The first control character that may not be in the text.
std::optional<int> ForbiddenCharacter(absl::string_view text, bool lines) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (lines && (byte == '\n' || byte == '\t')) continue;
    if (byte < 0x20 || byte == 0x7F) return byte;
    // U+0080 to U+009F are C2 80 to C2 9F.
    if (byte == 0xC2 && i + 1 < text.size()) {
      const auto next = static_cast<unsigned char>(text[i + 1]);
      if (next >= 0x80 && next < 0xA0) return next;
    }
  }
  return std::nullopt;
}

bool IsBlank(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
}

}  // namespace

size_t CountCharacters(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

void CheckText(absl::string_view field, absl::string_view text, const TextRule& rule,
               Violations& violations) {
  if (rule.required && IsBlank(text)) {
    violations.Add(field, absl::StrCat("is empty; expected 1 to ", rule.max, " characters"));
    return;
  }
  if (const size_t characters = CountCharacters(text); characters > rule.max) {
    violations.Add(
        field, absl::StrCat("has ", characters, " characters; at most ", rule.max, " are allowed"));
  }
  if (const std::optional<int> character = ForbiddenCharacter(text, rule.lines)) {
    violations.Add(field, absl::StrFormat("has the control character U+%04X; %s", *character,
                                          rule.lines ? "only line feeds and tabs are allowed"
                                                     : "expected one line of text"));
  }
}

void CheckTimeZone(absl::string_view field, absl::string_view zone, Violations& violations) {
  absl::TimeZone loaded;
  const bool is_path = !zone.empty() && (zone.front() == '/' || zone.find("..") != zone.npos);
  if (zone.empty()) return;
  if (is_path || zone.size() > 64 || !absl::LoadTimeZone(std::string(zone), &loaded)) {
    violations.Add(field, absl::StrCat("is \"", zone.substr(0, 64),
                                       "\"; expected an IANA time zone such as Europe/Berlin"));
  }
}

void CheckEmail(absl::string_view field, absl::string_view email, Violations& violations) {
  CheckText(field, email, kEmail, violations);
  if (email.empty()) return;
  const size_t at = email.rfind('@');
  const bool has_space = email.find(' ') != absl::string_view::npos;
  if (has_space || at == absl::string_view::npos || at == 0 || at + 1 == email.size()) {
    violations.Add(field, absl::StrCat("is \"", email.substr(0, 100),
                                       "\"; expected an address such as ada@example.com"));
  }
}

}  // namespace okr::goals
