// Whose inbox a call is about, and whether the caller may use it.
#pragma once

#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/names/names.h"
#include "common/store/view.h"

namespace okr::notifications {

// `parent` may be "organizations/{o}/people/me". PERMISSION_DENIED for the inbox of anybody else,
// also for administrators; PERSON_UNKNOWN if the caller is no person.
absl::StatusOr<PersonName> FindInboxOwner(store::View& view, const auth::Principal& principal,
                                          const PersonName& parent);

}  // namespace okr::notifications
