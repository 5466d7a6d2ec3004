#include "common/names/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace okr {
namespace {

constexpr size_t kMaxIdLength = 63;
constexpr size_t kMaxShown = 100;  // Of a wrong value that is repeated to the caller.
constexpr absl::string_view kIdRule =
    "1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end";

std::string Quoted(absl::string_view text) {
  if (text.size() <= kMaxShown) return absl::StrCat("\"", absl::CHexEscape(text), "\"");
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, kMaxShown)), "\"... (", text.size(),
                      " bytes)");
}

bool IsIdCharacter(char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; }

bool IsPlaceholder(absl::string_view part) { return !part.empty() && part.front() == '{'; }

bool PartMatches(absl::string_view expected, absl::string_view part, bool wildcards) {
  if (!IsPlaceholder(expected)) return part == expected;
  if (wildcards && part == "-" && expected != "{organization}") return true;
  return IsResourceId(part);
}

// Whether `name` differs from the pattern only by ids that are none; then the first such id.
bool FindWrongId(absl::string_view pattern, absl::string_view name, bool wildcards,
                 absl::string_view* wrong) {
  const size_t parts = names_internal::CountParts(pattern);
  if (names_internal::CountParts(name) != parts) return false;
  bool found = false;
  for (size_t i = 0; i < parts; ++i) {
    const absl::string_view expected = names_internal::Part(pattern, i);
    const absl::string_view part = names_internal::Part(name, i);
    if (PartMatches(expected, part, wildcards)) continue;
    if (!IsPlaceholder(expected)) return false;
    if (!found) *wrong = part;
    found = true;
  }
  return found;
}

}  // namespace

bool IsResourceId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdLength || id.front() == '-' || id.back() == '-') return false;
  for (const char c : id) {
    if (!IsIdCharacter(c)) return false;
  }
  return true;
}

absl::Status CheckResourceId(absl::string_view field, absl::string_view id) {
  if (IsResourceId(id)) return absl::OkStatus();
  return InvalidFields(
      {{std::string(field), absl::StrCat("is ", Quoted(id), ", expected ", kIdRule)}});
}

namespace names_internal {

size_t CountParts(absl::string_view name) {
  size_t parts = 1;
  for (const char c : name) parts += c == '/' ? 1 : 0;
  return parts;
}

absl::string_view Part(absl::string_view name, size_t index) {
  for (; index > 0; --index) {
    const size_t slash = name.find('/');
    if (slash == absl::string_view::npos) return {};
    name.remove_prefix(slash + 1);
  }
  return name.substr(0, name.find('/'));
}

absl::string_view ParentOf(absl::string_view name) {
  for (int i = 0; i < 2; ++i) {
    const size_t slash = name.rfind('/');
    if (slash == absl::string_view::npos) return {};
    name = name.substr(0, slash);
  }
  return name;
}

bool Matches(absl::string_view pattern, absl::string_view name, bool wildcards) {
  const size_t parts = CountParts(pattern);
  if (CountParts(name) != parts) return false;
  for (size_t i = 0; i < parts; ++i) {
    if (!PartMatches(Part(pattern, i), Part(name, i), wildcards)) return false;
  }
  return true;
}

std::string DescribeMismatch(absl::string_view pattern, absl::string_view name, bool wildcards) {
  if (Matches(pattern, name, wildcards)) return "";
  const absl::string_view hint = wildcards ? " (\"-\" stands for any below the organization)" : "";
  if (name.empty()) return absl::StrCat("is empty, expected ", pattern, hint);
  absl::string_view id;
  if (FindWrongId(pattern, name, wildcards, &id)) {
    return absl::StrCat("is ", Quoted(name), ", in which ", Quoted(id), " is no id: expected ",
                        kIdRule);
  }
  return absl::StrCat("is ", Quoted(name), ", expected ", pattern, hint);
}

std::string Fill(absl::string_view pattern, std::initializer_list<absl::string_view> ids) {
  std::string name;
  const auto* id = ids.begin();
  const size_t parts = CountParts(pattern);
  for (size_t i = 0; i < parts; ++i) {
    const absl::string_view part = Part(pattern, i);
    absl::StrAppend(&name, i == 0 ? "" : "/",
                    IsPlaceholder(part) && id != ids.end() ? *id++ : part);
  }
  return name;
}

}  // namespace names_internal
}  // namespace okr
