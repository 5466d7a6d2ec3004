// Refusals of the notifications service.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace okr::notifications::error {

// NOT_FOUND / RESOURCE_NOT_FOUND.
absl::Status NotFound(absl::string_view name);

}  // namespace okr::notifications::error
