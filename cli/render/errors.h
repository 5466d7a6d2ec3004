// Errors as a person wants them.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace okr::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnreachable = 3;

// Made on this side: what was typed or written in a file is wrong, or asked for in a wrong way.
absl::Status UsageError(absl::string_view message);
// The address does not answer.
absl::Status Unreachable(absl::string_view service, absl::string_view address,
                         absl::string_view why);
// Somebody answers there, but TLS does not come about; `why` says what to do. As Unreachable.
absl::Status TlsFailed(absl::string_view service, absl::string_view address, absl::string_view why);
bool IsTlsFailure(const absl::Status& status);
// `status` with the id of the request that it answered.
absl::Status WithRequestId(absl::Status status, absl::string_view request_id);

int ExitCodeOf(const absl::Status& status);

// Several lines: what was wrong; each wrong field; the reason; what to do; the request id.
std::string RenderError(const absl::Status& status);

}  // namespace okr::cli
