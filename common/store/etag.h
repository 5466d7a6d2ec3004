// Etags are the version of a row, quoted as HTTP has it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace okr::store {

inline std::string Etag(int64_t version) { return absl::StrCat("\"", version, "\""); }

}  // namespace okr::store
