// What the reading RPCs share: the caller, and what they may see.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/resources/resources.h"
#include "common/store/view.h"

namespace okr::checkins {

// OK, or RESOURCE_NOT_FOUND of `asked` if the objective does not exist, is deleted or may not be
// seen by the caller.
absl::Status RequireObjective(store::View& view, const auth::Principal& principal,
                              const ObjectiveName& objective, absl::string_view asked);

// The same of a key result and its objective.
absl::Status RequireKeyResult(store::View& view, const auth::Principal& principal,
                              const KeyResultName& key_result, absl::string_view asked);

}  // namespace okr::checkins
