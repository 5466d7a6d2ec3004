// Names as rows are keyed by them: without "organizations/{organization}/".
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace okr::scoring {

// "objectives/x" of "organizations/acme/objectives/x"; empty for any other text.
std::string RelativeName(absl::string_view full_name);

inline std::string FullName(absl::string_view organization, absl::string_view relative) {
  return absl::StrCat("organizations/", organization, "/", relative);
}

// The last part of a name.
absl::string_view IdOf(absl::string_view name);

// Whether a relative name is that of a key result rather than an objective.
bool IsKeyResult(absl::string_view relative);
// "objectives/x" of "objectives/x/keyResults/y".
std::string ObjectiveOf(absl::string_view key_result);

}  // namespace okr::scoring
