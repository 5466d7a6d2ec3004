// The fields of any resource as people read them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace okr::cli {

// The value at a path such as "score_summary.progress": names short, enums as words, times and
// dates in ISO form, progress and score with two decimals, lists joined by commas. Empty if it is
// not set.
std::string FieldText(const google::protobuf::Message& message, absl::string_view path);

// All fields that are set, with their paths.
std::vector<std::pair<std::string, std::string>> AllFieldTexts(
    const google::protobuf::Message& message);

// "2026-01-31 09:30 UTC".
std::string TimeText(int64_t unix_seconds);

}  // namespace okr::cli
