// Which strings of a message that protobuf refused are not UTF-8.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace okr::rpc {

// The paths of the fields of type string in `wire`, a message of type `descriptor`, that hold no
// valid UTF-8, e.g. "requests[2].check_in.note"; at most 100. Stops where `wire` is malformed.
std::vector<std::string> FindInvalidUtf8(absl::string_view wire,
                                         const google::protobuf::Descriptor& descriptor);

}  // namespace okr::rpc
