// The update mask of an Update method (AIP-134, AIP-161), applied to any resource.
#pragma once

#include <map>
#include <string>

#include "common/status/error.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace okr {

struct UpdateRules {
  // Field of the request that holds the resource, e.g. "objective"; for what is told of it.
  std::string resource;
  // Fields of the resource that this method does not change though clients write them elsewhere,
  // with the way to change them, e.g. {"alignments", "use AlignObjective"}. Fields annotated
  // IMMUTABLE are such without being named here.
  std::map<std::string, std::string> fixed;
};

// Makes `target`, the resource as it is, what the update asks for: takes those fields of `source`
// that `mask` names, whole: a message or repeated field replaces the present one, an absent one
// clears it.
//
//  - An empty mask takes the fields that are set in `source`, "*" all; both leave alone what
//  clients
//    do not write (OUTPUT_ONLY, IDENTIFIER, `etag`).
//  - A path may lead into a message ("metric.target"), not into a repeated field.
//  - A path that does not exist, or names an OUTPUT_ONLY field, is a violation of "update_mask"
//    that tells which ones there are.
//  - A fixed field may be named if it is as it was; else it is a violation of itself.
//
// Adds to `violations` and then does what it can, so that a caller may go on to find what else is
// wrong. Both messages are of one type. Pure.
void ApplyUpdateMask(const google::protobuf::FieldMask& mask,
                     const google::protobuf::Message& source, const UpdateRules& rules,
                     google::protobuf::Message& target, Violations& violations);

}  // namespace okr
