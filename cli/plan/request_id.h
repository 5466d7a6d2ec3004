// Ids of requests that follow from what is asked for.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace okr::cli {

// The same for the same message, in any process: an interrupted run that is repeated sends the same
// ids. A UUID of version 8 (of the sender's own making). `seed` keeps apart what must not meet.
std::string RequestIdOf(absl::string_view seed, const google::protobuf::Message& request);

}  // namespace okr::cli
