// Refusals that the store itself makes.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace okr::store::error {

// ALREADY_EXISTS / REQUEST_ID_REUSED.
absl::Status RequestIdReused(absl::string_view request_id);
// DEADLINE_EXCEEDED / DEADLINE_EXCEEDED: the command was dropped before anything was done.
absl::Status DeadlinePassedInQueue();
// RESOURCE_EXHAUSTED / OVERLOADED.
absl::Status TooMuchWaiting(size_t waiting);
// ABORTED / CONFLICT: still colliding after several attempts.
absl::Status StillColliding();
// UNAVAILABLE / SHUTTING_DOWN.
absl::Status ShuttingDown();
// INTERNAL / INTERNAL: commands kept asking for more rows.
absl::Status TooManyRounds();

}  // namespace okr::store::error
