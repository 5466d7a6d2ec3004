// What a resource lacks to be as wanted.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace okr::cli {

// Whether all that `wanted` sets stands in `have` too. Lists have the same items, in any order.
bool Contains(const google::protobuf::Message& have, const google::protobuf::Message& wanted);

// Those of `fields` (names of fields of both, which are of one type) in which `have` is not as
// `wanted`. A field that `wanted` does not set is wanted to be not set.
std::vector<std::string> DifferingFields(const google::protobuf::Message& have,
                                         const google::protobuf::Message& wanted,
                                         const std::vector<std::string>& fields);

}  // namespace okr::cli
