// A request to check in, as the domain takes it.
#pragma once

#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/ids/uuid.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "services/checkins/domain/draft.h"

namespace okr::checkins {

struct CheckInCommand {
  auth::Principal principal;
  CheckInName name;
  bool id_is_chosen = false;  // By the client, so it may be taken.
  Draft draft;
  // What is wrong with the draft already; told together with what the key result says.
  Violations violations;
};

// INVALID_FIELDS if the request does not name a key result, or has no check-in or a wrong id; what
// else is wrong with it is named too. All else that is wrong is left in the command.
absl::StatusOr<CheckInCommand> ParseCheckIn(const auth::Principal& principal,
                                            const v1::CreateCheckInRequest& request,
                                            UuidGenerator& ids);

}  // namespace okr::checkins
