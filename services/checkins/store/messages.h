// Between the domain's check-in and the public message.
#pragma once

#include "absl/status/statusor.h"
#include "okr/checkins/v1/resources.pb.h"
#include "services/checkins/domain/check_in.h"

namespace okr::checkins {

void ToProto(const CheckIn& check_in, v1::CheckIn* message);
// Trusts the message, which ToProto wrote: fails only if a name in it is not one.
absl::StatusOr<CheckIn> FromProto(const v1::CheckIn& message);

}  // namespace okr::checkins
