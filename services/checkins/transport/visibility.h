// Who may see an objective, and so its key results and check-ins.
#pragma once

#include <optional>

#include "common/access/access.h"
#include "common/auth/principal.h"
#include "common/resources/resources.h"

namespace okr::checkins {

// The projections of the directory.
const access::Directory& ProjectedDirectory();

// Whether `principal`, who is `caller`, may see a private objective, or any other of the
// organization.
bool MaySee(const auth::Principal& principal, const std::optional<PersonName>& caller,
            const Objective& objective);

}  // namespace okr::checkins
