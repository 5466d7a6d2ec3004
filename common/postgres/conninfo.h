// libpq's connection strings.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::postgres {

// What a conninfo (key=value pairs or a URI) sets. INVALID_ARGUMENT if it cannot be read; the
// message holds no password.
absl::StatusOr<std::map<std::string, std::string>> ParseConninfo(const std::string& conninfo);

// The same conninfo as key=value pairs, with `changes` (e.g. {{"user", "okr_goals_runtime"}}).
absl::StatusOr<std::string> ChangeConninfo(const std::string& conninfo,
                                           const std::map<std::string, std::string>& changes);

}  // namespace okr::postgres
