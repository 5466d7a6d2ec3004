// Where spans are sent, as settings name it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::trace {

// Whether "http[s]://host:port" is one of TLS. INVALID_ARGUMENT if it is no such address, or if
// there is a CA file for one without TLS.
absl::StatusOr<bool> UsesTls(absl::string_view endpoint, absl::string_view ca_file);

}  // namespace okr::trace
